# SPDX-License-Identifier: Apache-2.0
"""A payment provider that moves no money: its own books, signed notices, and the faults of real ones (notices repeat and overtake each other)."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from marketplace.enums import PaymentState
from marketplace.errors import PaymentError
from marketplace.models import SandboxCharge
from marketplace.payments.base import Charge, Notice, Status

TOLERANCE_SECONDS = 300


class SandboxProvider:
    """The provider of the demo and of the tests.

    Notices are signed as Standard Webhooks does: HMAC-SHA-256 over `id.timestamp.body`, in the headers `webhook-id`,
    `webhook-timestamp` and `webhook-signature`.
    """

    def __init__(self, alias: str = "default") -> None:
        self.alias = alias

    def create(self, *, key: str, amount_fen: int, subject: str) -> Charge:  # noqa: ARG002 - a real provider shows the subject to the payer
        """Set up a charge; the same key gives the same one."""
        if amount_fen <= 0:
            raise PaymentError("payment.amount", _("Only a positive amount can be paid."), _("Free offers need no payment."), status=422)
        charge, _made = SandboxCharge.objects.get_or_create(
            payment_key=key, defaults={"ref": f"sandbox-{secrets.token_hex(12)}", "amount_fen": amount_fen}
        )
        if charge.amount_fen != amount_fen:
            raise PaymentError("payment.key-reused", _("This payment was set up with another amount."), _("Place a new order."))
        return Charge(charge.ref, reverse("marketplace:sandbox", args=[charge.ref]))

    def query(self, ref: str) -> Status:
        """Say how a charge stands."""
        charge = self._charge(ref)
        return Status(charge.ref, PaymentState(charge.state), charge.amount_fen)

    def refund(self, *, ref: str, key: str) -> None:
        """Refund a paid charge once."""
        self._charge(ref)
        done = SandboxCharge.objects.filter(ref=ref, state=PaymentState.PAID).update(state=PaymentState.REFUNDED, refund_key=key)
        if not done and self._charge(ref).refund_key != key:
            raise PaymentError(
                "payment.not-refundable", _("This payment cannot be refunded."), _("It was never paid, or has been refunded already.")
            )

    def verify_notification(self, *, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check signature and age of a notice, then read it."""
        lower = {name.lower(): value for name, value in headers.items()}
        event_id, stamp = lower.get("webhook-id", ""), lower.get("webhook-timestamp", "")
        if not constant_time_compare(lower.get("webhook-signature", ""), self._signature(event_id, stamp, body)):
            raise PaymentError(
                "payment.forged", _("The notice is not signed by the provider."), _("Check the key shared with the provider."), status=403
            )
        if abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
            raise PaymentError(
                "payment.stale", _("The notice is too old."), _("Have the provider send it again; check both clocks."), status=403
            )
        said = json.loads(body)
        return Notice(event_id, said["ref"], said["key"], PaymentState(said["state"]), said["amount_fen"])

    def settle(self, ref: str, *, paid: bool) -> tuple[dict[str, str], bytes]:
        """Play the payer: decide a pending charge and give the notice that tells of it; deciding twice changes nothing."""
        charge = self._charge(ref)
        wanted = PaymentState.PAID if paid else PaymentState.FAILED
        SandboxCharge.objects.filter(ref=ref, state=PaymentState.PENDING).update(state=wanted)
        charge.refresh_from_db()
        return self.notice(charge, state=PaymentState(charge.state))

    def notice(
        self, charge: SandboxCharge, *, state: PaymentState, amount_fen: int | None = None, at: int | None = None
    ) -> tuple[dict[str, str], bytes]:
        """Sign a notice as headers and body; every notice of one state of one charge has one id."""
        amount = charge.amount_fen if amount_fen is None else amount_fen
        body = json.dumps({"ref": charge.ref, "key": charge.payment_key, "state": state, "amount_fen": amount}).encode()
        event_id, stamp = f"evt-{charge.ref}-{state}-{amount}", str(int(time.time()) if at is None else at)
        headers = {"webhook-id": event_id, "webhook-timestamp": stamp, "webhook-signature": self._signature(event_id, stamp, body)}
        return headers, body

    def _charge(self, ref: str) -> SandboxCharge:
        """Fetch a charge or refuse."""
        charge = SandboxCharge.objects.filter(ref=ref).first()
        if charge is None:
            raise PaymentError("payment.unknown", _("The provider knows no such payment."), _("Check the reference."), status=404)
        return charge

    def _signature(self, event_id: str, stamp: str, body: bytes) -> str:
        """Compute the signature of a notice; the key derives from the site's secret and the alias."""
        signed = f"{event_id}.{stamp}.".encode() + body
        digest = salted_hmac(f"marketplace.sandbox.{self.alias}", signed, algorithm="sha256").digest()
        return "v1," + base64.b64encode(digest).decode()

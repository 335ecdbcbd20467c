# SPDX-License-Identifier: Apache-2.0
"""Grant and revoke licences."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.domain import grant_access, revoke_access
from assets.models import User, Version
from ledger.domain import record
from marketplace import receipts, rules
from marketplace.calendar import start_of
from marketplace.domain.states import move
from marketplace.enums import LicenceState, OrderState, PaymentState, RevokeReason
from marketplace.errors import MarketplaceError
from marketplace.models import Licence, Order, Payment

BASIS = "licence"


def fulfil(*, order_id: UUID) -> Licence:
    """Grant the licence of a paid order: seal the receipt first, then write everything in one short transaction.

    Who: the verbs of payment and the sweeper. Writes: Order.state, Licence, AccessGrant. Entries: `licence.grant`, `access.grant`.
    Repeating it gives the same licence.

    Raises
    ------
    MarketplaceError
        `order.not-paid`; `offer.unavailable` where the version was withdrawn meanwhile: the payment is then due back.
    """
    order = Order.objects.select_related("offer", "user", "version__asset").get(pk=order_id)
    if order.state == OrderState.FULFILLED:
        return Licence.objects.get(order=order)
    if order.state != OrderState.PAID:
        raise MarketplaceError("order.not-paid", _("The order is not paid."), _("Pay it first."))
    receipt = receipts.seal(order)
    licence = _grant(order, receipt)
    if licence is None:
        raise MarketplaceError(
            "offer.unavailable", _("The asset was withdrawn before the licence was granted."), _("What was paid is given back.")
        )
    return licence


@transaction.atomic
def _grant(order: Order, receipt: receipts.Receipt) -> Licence | None:
    """Write a licence and all that hangs on it; None where the version may no longer be licensed."""
    version = Version.objects.select_for_update().get(pk=order.version_id)  # a withdrawal comes before or after, not between
    if version.withdrawn_at is not None:
        if move(Order, order.pk, OrderState.FAILED, failure="offer.unavailable", closed_at=timezone.now()):
            for payment in Payment.objects.filter(order=order):
                move(Payment, payment.pk, PaymentState.REFUND_DUE)
        return None
    if not move(Order, order.pk, OrderState.FULFILLED, closed_at=timezone.now()):
        return Licence.objects.filter(order=order).first()
    entry = record(
        "licence.grant",
        subject_kind="licence",
        subject_id=order.licence_id,
        digest=receipt.cid,
        facts={
            "asset": str(order.version.asset_id),
            "version": str(order.version_id),
            "version_cid": order.version.cid,
            "licensee": receipt.commitment,
            "scope": receipt.body["scope"],
        },
        private=receipts.licensee(order),
    )
    grant_access(user=order.user, version=order.version, basis=BASIS, basis_id=order.licence_id, expires_at=start_of(receipt.ends_on))
    return Licence.objects.create(
        id=order.licence_id,
        order=order,
        asset=order.version.asset,
        version=order.version,
        user=order.user,
        licensee_commitment=receipt.commitment,
        licensee_body=receipts.licensee(order),
        scope=order.offer.scope,
        starts_on=receipt.starts_on,
        ends_on=receipt.ends_on,
        receipt_cid=receipt.cid,
        entry=entry.uuid,
        granted_at=timezone.now(),
    )


@transaction.atomic
def revoke(*, licence: Licence, user: User, reason: str) -> Licence:
    """End a licence before its time; what was granted under it ends with it.

    Who: administrators and the curators of the granting institution. Writes: Licence, AccessGrant. Entry: `licence.revoke`.

    Parameters
    ----------
    reason
        A code of `RevokeReason`; the log holds no free text.

    Raises
    ------
    MarketplaceError
        `licence.not-found`, `licence.reason`, `licence.already-revoked`.
    """
    if not rules.may_revoke(user, licence):
        raise MarketplaceError("licence.not-found", _("There is no such licence that you may revoke."), status=404)
    if reason not in RevokeReason.values:
        raise MarketplaceError("licence.reason", _("This is not a reason to revoke."), ", ".join(RevokeReason.values), status=422)
    entry = record(
        "licence.revoke",
        subject_kind="licence",
        subject_id=licence.pk,
        digest=licence.receipt_cid,
        facts={"asset": str(licence.asset_id), "reason": reason, "role": user.role},
        private={"user": str(user.pk)},
    )
    fields = {"revoke_entry": entry.uuid, "revoke_reason": reason, "revoked_at": timezone.now()}
    if not move(Licence, licence.pk, LicenceState.REVOKED, **fields):
        raise MarketplaceError("licence.already-revoked", _("The licence is revoked already."))  # takes the entry back with it
    revoke_access(basis=BASIS, basis_id=licence.pk)
    licence.refresh_from_db()
    return licence

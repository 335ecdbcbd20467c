# SPDX-License-Identifier: Apache-2.0
"""What every payment provider must do; a backend's tests inherit it and say how its payer pays."""

from __future__ import annotations

import pytest

from marketplace.enums import PaymentState
from marketplace.errors import PaymentError
from marketplace.payments import Provider

Delivery = tuple[dict[str, str], bytes]


class ProviderContract:
    """The sentences of `marketplace/payments/base.py`, one test each."""

    @pytest.fixture
    def provider(self) -> Provider:
        raise NotImplementedError

    def settle(self, provider: Provider, ref: str, *, paid: bool) -> Delivery:
        """Let the payer decide and give the notice that the provider sends."""
        raise NotImplementedError

    def resigned(self, provider: Provider, ref: str, *, at: int) -> Delivery:
        """Give a notice of the same charge, signed at another time."""
        raise NotImplementedError

    @staticmethod
    def refused(call: object, *args: object, **kwargs: object) -> str:
        with pytest.raises(PaymentError) as caught:
            call(*args, **kwargs)  # type: ignore[operator]
        return caught.value.code

    def test_one_key_is_one_charge(self, provider: Provider) -> None:
        first, second = (provider.create(key="k", amount_fen=500, subject="a licence") for _ in range(2))
        assert first == second

    def test_another_key_is_another_charge(self, provider: Provider) -> None:
        refs = {provider.create(key=key, amount_fen=500, subject="").ref for key in ("a", "b")}
        assert len(refs) == 2

    def test_a_key_does_not_change_its_amount(self, provider: Provider) -> None:
        provider.create(key="k", amount_fen=500, subject="")
        assert self.refused(provider.create, key="k", amount_fen=501, subject="") == "payment.key-reused"

    @pytest.mark.parametrize("amount", [0, -1])
    def test_only_positive_amounts(self, provider: Provider, amount: int) -> None:
        assert self.refused(provider.create, key="k", amount_fen=amount, subject="") == "payment.amount"

    def test_a_fresh_charge_is_pending(self, provider: Provider) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        status = provider.query(charge.ref)
        assert (status.ref, status.state, status.amount_fen) == (charge.ref, PaymentState.PENDING, 500)

    def test_an_unknown_reference_is_refused(self, provider: Provider) -> None:
        assert self.refused(provider.query, "no-such-ref") == "payment.unknown"
        assert self.refused(provider.refund, ref="no-such-ref", key="r") == "payment.unknown"

    @pytest.mark.parametrize(("paid", "state"), [(True, PaymentState.PAID), (False, PaymentState.FAILED)])
    def test_the_notice_says_what_the_payer_did(self, provider: Provider, paid: bool, state: PaymentState) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        headers, body = self.settle(provider, charge.ref, paid=paid)
        notice = provider.verify_notification(headers=headers, body=body)
        assert (notice.ref, notice.key, notice.state, notice.amount_fen) == (charge.ref, "k", state, 500)
        assert provider.query(charge.ref).state == state

    def test_deliveries_of_one_notice_share_its_id(self, provider: Provider) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        notices = [self.settle(provider, charge.ref, paid=True) for _ in range(2)]
        assert len({provider.verify_notification(headers=headers, body=body).event_id for headers, body in notices}) == 1

    def test_every_changed_byte_is_forgery(self, provider: Provider) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        headers, body = self.settle(provider, charge.ref, paid=True)
        codes = {
            self.refused(provider.verify_notification, headers=headers, body=body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :])
            for at in range(len(body))
        }
        assert codes == {"payment.forged"}

    def test_no_signature_is_forgery(self, provider: Provider) -> None:
        assert self.refused(provider.verify_notification, headers={}, body=b"not even JSON") == "payment.forged"

    @pytest.mark.parametrize("age", [-301, 301])
    def test_a_notice_of_another_time_is_stale(self, provider: Provider, age: int) -> None:
        import time

        charge = provider.create(key="k", amount_fen=500, subject="")
        headers, body = self.resigned(provider, charge.ref, at=int(time.time()) - age)
        assert self.refused(provider.verify_notification, headers=headers, body=body) == "payment.stale"

    def test_a_refund_happens_once(self, provider: Provider) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        self.settle(provider, charge.ref, paid=True)
        for _ in range(2):
            provider.refund(ref=charge.ref, key="r")
        assert provider.query(charge.ref).state == PaymentState.REFUNDED
        assert self.refused(provider.refund, ref=charge.ref, key="another") == "payment.not-refundable"

    def test_what_was_not_paid_is_not_refunded(self, provider: Provider) -> None:
        charge = provider.create(key="k", amount_fen=500, subject="")
        assert self.refused(provider.refund, ref=charge.ref, key="r") == "payment.not-refundable"

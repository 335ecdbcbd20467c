# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from marketplace.enums import PaymentState
from marketplace.errors import PaymentError
from marketplace.models import SandboxCharge
from marketplace.payments import Provider, provider
from marketplace.payments.sandbox import SandboxProvider
from tests.marketplace.provider_contract import Delivery, ProviderContract


@pytest.mark.django_db
class TestSandbox(ProviderContract):
    @pytest.fixture
    def provider(self) -> Provider:
        return SandboxProvider()

    def settle(self, provider: Provider, ref: str, *, paid: bool) -> Delivery:
        assert isinstance(provider, SandboxProvider)
        return provider.settle(ref, paid=paid)

    def resigned(self, provider: Provider, ref: str, *, at: int) -> Delivery:
        assert isinstance(provider, SandboxProvider)
        return provider.notice(SandboxCharge.objects.get(ref=ref), state=PaymentState.PAID, at=at)

    def test_the_notice_of_another_alias_is_forgery(self) -> None:
        here, there = SandboxProvider("here"), SandboxProvider("there")
        headers, body = there.settle(there.create(key="k", amount_fen=1, subject="").ref, paid=True)
        assert self.refused(here.verify_notification, headers=headers, body=body) == "payment.forged"


def test_an_alias_that_is_not_configured_is_refused() -> None:
    with pytest.raises(PaymentError) as caught:
        provider("stripe")
    assert (caught.value.code, caught.value.status) == ("payment.provider-unknown", 404)

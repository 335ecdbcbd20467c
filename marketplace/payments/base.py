# SPDX-License-Identifier: Apache-2.0
"""What a payment provider owes the marketplace. `tests/marketplace/provider_contract.py` checks every sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from marketplace.enums import PaymentState


@dataclass(frozen=True)
class Charge:
    """A payment set up at a provider: its reference there, and where the payer goes."""

    ref: str
    pay_url: str


@dataclass(frozen=True)
class Status:
    """What the provider says of a payment when asked."""

    ref: str
    state: PaymentState
    amount_fen: int


@dataclass(frozen=True)
class Notice:
    """What the provider tells us unasked, after its signature was checked."""

    event_id: str
    ref: str
    key: str
    state: PaymentState
    amount_fen: int


class Provider(Protocol):
    """One way to pay.

    Every method MUST raise `PaymentError`, and nothing else, for what the provider refuses or cannot do; `retryable` MUST tell
    whether the same call may succeed later. No method may be called inside a database transaction of ours.
    """

    alias: str

    def create(self, *, key: str, amount_fen: int, subject: str) -> Charge:
        """Set up a payment.

        The same `key` MUST give the same charge, however often and however parallel it is sent. The same key with another amount
        MUST be refused with `payment.key-reused`. An amount that is not positive MUST be refused with `payment.amount`.
        """
        ...

    def query(self, ref: str) -> Status:
        """Say how a payment stands. An unknown reference MUST be refused with `payment.unknown`."""
        ...

    def refund(self, *, ref: str, key: str) -> None:
        """Give a paid amount back in full.

        The same `key` MUST refund once, however often it is sent. Another key on a refunded payment, and a payment that was never
        paid, MUST be refused with `payment.not-refundable`.
        """
        ...

    def verify_notification(self, *, headers: Mapping[str, str], body: bytes) -> Notice:
        """Check that a notice is the provider's own and fresh, on its raw bytes, and read it.

        A wrong or missing signature MUST be refused with `payment.forged`, an age beyond five minutes with `payment.stale`, before
        anything of the body is parsed. `event_id` MUST be the same for every delivery of one notice.
        """
        ...

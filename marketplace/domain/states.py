# SPDX-License-Identifier: Apache-2.0
"""The state machines, as tables, and the one function that moves a row along them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marketplace.enums import LicenceState, OrderState, PaymentState
from marketplace.models import Licence, Order, Payment

# For each state the states it may be entered from.
ORDER: Mapping[str, frozenset[str]] = {
    OrderState.PENDING: frozenset({OrderState.CREATED}),
    OrderState.PAID: frozenset({OrderState.CREATED, OrderState.PENDING, OrderState.FAILED}),  # a payer may fail once and then pay
    OrderState.FULFILLED: frozenset({OrderState.PAID}),
    OrderState.FAILED: frozenset({OrderState.PENDING, OrderState.PAID}),
    OrderState.CANCELLED: frozenset({OrderState.CREATED}),
}
PAYMENT: Mapping[str, frozenset[str]] = {
    PaymentState.PENDING: frozenset({PaymentState.CREATED}),
    PaymentState.PAID: frozenset({PaymentState.CREATED, PaymentState.PENDING, PaymentState.FAILED}),
    PaymentState.FAILED: frozenset({PaymentState.CREATED, PaymentState.PENDING}),
    PaymentState.REFUND_DUE: frozenset({PaymentState.PAID}),
    PaymentState.REFUNDED: frozenset({PaymentState.REFUND_DUE}),
}
LICENCE: Mapping[str, frozenset[str]] = {
    LicenceState.REVOKED: frozenset({LicenceState.ACTIVE, LicenceState.EXPIRED}),
    LicenceState.EXPIRED: frozenset({LicenceState.ACTIVE}),
}
MACHINES: Mapping[type[Order | Payment | Licence], Mapping[str, frozenset[str]]] = {Order: ORDER, Payment: PAYMENT, Licence: LICENCE}


def move(model: type[Order | Payment | Licence], pk: UUID, to: str, **fields: Any) -> bool:  # the fields' types are the columns'
    """Enter a state by one conditional UPDATE; of several callers at once exactly one moves the row.

    Returns
    -------
    bool
        Whether this call moved it; False where the row stood in a state from which there is no way.
    """
    rows = model.objects.filter(pk=pk, state__in=MACHINES[model][to])
    return rows.update(state=to, **fields) == 1

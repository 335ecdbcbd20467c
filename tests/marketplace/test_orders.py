# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from assets import domain as catalogue
from assets.models import Asset, User
from marketplace import domain
from marketplace.domain.states import LICENCE, ORDER, PAYMENT, move
from marketplace.enums import LicenceState, OrderState, PaymentState
from marketplace.errors import MarketplaceError
from marketplace.models import Licence, Notification, Offer, Order, Payment, SplitLine
from marketplace.payments.sandbox import SandboxProvider
from tests.marketplace.conftest import settle

T = TypeVar("T")
pytestmark = pytest.mark.django_db(transaction=True)


def code_of(call: object, **kwargs: object) -> str:
    with pytest.raises(MarketplaceError) as caught:
        call(**kwargs)  # type: ignore[operator]
    return caught.value.code


@pytest.fixture
def order(offer: Offer, creator: User) -> Order:
    return domain.place_order(user=creator, offer=offer, key="k")


def test_an_order_binds_the_version_that_is_public_and_its_price(order: Order, published_asset: Asset, offer: Offer) -> None:
    assert (order.version_id, order.amount_fen, order.state) == (published_asset.current_version_id, 120_001, "created")
    assert {line.party: line.amount_fen for line in order.split.all()} == {"holder": 84_001, "bearers": 24_000, "platform": 12_000}


def test_the_same_key_is_the_same_order(order: Order, offer: Offer, creator: User) -> None:
    assert domain.place_order(user=creator, offer=offer, key="k") == order
    assert (Order.objects.count(), SplitLine.objects.count()) == (1, 3)


def test_a_key_belongs_to_one_person(order: Order, offer: Offer, people: dict[str, User]) -> None:
    assert domain.place_order(user=people["other_creator"], offer=offer, key="k") != order


def test_a_key_does_not_change_its_offer(order: Order, free_offer: Offer, creator: User) -> None:
    assert code_of(domain.place_order, user=creator, offer=free_offer, key="k") == "order.key-reused"


@pytest.mark.parametrize("key", ["", "x" * 81])
def test_a_key_has_a_length(offer: Offer, creator: User, key: str) -> None:
    assert code_of(domain.place_order, user=creator, offer=offer, key=key) == "order.key-invalid"


@pytest.mark.parametrize("who", ["visitor", "curator", "other_curator", "supervisor"])
def test_only_creators_and_administrators_order(offer: Offer, people: dict[str, User], who: str) -> None:
    assert code_of(domain.place_order, user=people[who], offer=offer, key="k") == "order.not-allowed"
    assert Order.objects.count() == 0


def test_an_account_that_was_closed_orders_nothing(offer: Offer, creator: User) -> None:
    creator.is_active = False
    assert code_of(domain.place_order, user=creator, offer=offer, key="k") == "order.not-allowed"


def test_a_retired_offer_is_not_ordered(offer: Offer, creator: User, curator: User) -> None:
    domain.retire_offer(offer=offer, user=curator)
    offer.refresh_from_db()
    assert code_of(domain.place_order, user=creator, offer=offer, key="k") == "offer.retired"


def test_what_is_not_public_is_not_ordered(draft_asset: Asset, creator: User) -> None:
    offer = domain.create_offer(asset=draft_asset, use="product", medium="goods", territory="CN", term_months=1, price_fen=1)
    assert code_of(domain.place_order, user=creator, offer=offer, key="k") == "offer.unavailable"


def test_what_was_withdrawn_is_not_ordered(published_asset: Asset, offer: Offer, creator: User, curator: User) -> None:
    catalogue.withdraw(asset=published_asset, user=curator, reason="an error")
    assert code_of(domain.place_order, user=creator, offer=offer, key="k") == "offer.unavailable"


def test_an_order_is_given_up_before_payment_only(order: Order, creator: User, offer: Offer) -> None:
    other = domain.place_order(user=creator, offer=offer, key="other")
    domain.cancel_order(order=order, user=creator)
    domain.pay(order=other, user=creator)
    assert code_of(domain.cancel_order, order=other, user=creator) == "order.too-late"
    assert [row.state for row in Order.objects.order_by("created_at")] == ["cancelled", "pending"]


def test_orders_of_others_are_not_there(order: Order, people: dict[str, User]) -> None:
    assert code_of(domain.cancel_order, order=order, user=people["other_creator"]) == "order.not-found"
    assert code_of(domain.pay, order=order, user=people["other_creator"]) == "order.not-found"


def test_a_free_order_is_fulfilled_without_a_payment(free_offer: Offer, creator: User) -> None:
    order = domain.place_order(user=creator, offer=free_offer, key="k")
    assert domain.pay(order=order, user=creator) is None
    order.refresh_from_db()
    assert (order.state, Payment.objects.count(), Licence.objects.count()) == ("fulfilled", 0, 1)
    assert domain.pay(order=order, user=creator) is None
    assert Licence.objects.count() == 1


def test_paying_twice_sets_up_one_charge(order: Order, creator: User) -> None:
    charges = {domain.pay(order=order, user=creator) for _ in range(2)}
    assert (len(charges), Payment.objects.count()) == (1, 1)


def test_a_fulfilled_order_is_not_paid_again(order: Order, creator: User) -> None:
    settle(order, paid=True)
    order.refresh_from_db()
    assert code_of(domain.pay, order=order, user=creator) == "order.not-payable"


def test_a_failed_payment_leaves_no_licence(order: Order) -> None:
    settle(order, paid=False)
    order.refresh_from_db()
    assert (order.state, order.failure, order.payment.state, Licence.objects.count()) == ("failed", "payment.failed", "failed", 0)


def notices(order: Order, *states: PaymentState, amount: int | None = None) -> list[tuple[dict[str, str], bytes]]:
    """Set up the charge and sign notices of its states, whether or not they came to pass."""
    from marketplace.models import SandboxCharge

    charge = domain.pay(order=order, user=order.user)
    assert charge is not None
    row = SandboxCharge.objects.get(ref=charge.ref)
    return [SandboxProvider().notice(row, state=state, amount_fen=amount) for state in states]


PAID, FAILED, PENDING = PaymentState.PAID, PaymentState.FAILED, PaymentState.PENDING


@pytest.mark.parametrize(
    ("states", "order_state", "outcomes"),
    [
        ([PAID, PAID, PAID], "fulfilled", ["applied"]),
        ([PAID, FAILED], "fulfilled", ["applied", "ignored"]),
        ([PAID, PENDING], "fulfilled", ["applied", "ignored"]),
        ([PENDING, PAID], "fulfilled", ["ignored", "applied"]),
        ([FAILED, PAID], "fulfilled", ["applied", "applied"]),
        ([FAILED, FAILED, PENDING], "failed", ["applied", "ignored"]),
    ],
)
def test_notices_may_repeat_and_overtake_each_other(
    order: Order, states: list[PaymentState], order_state: str, outcomes: list[str]
) -> None:
    for headers, body in notices(order, *states):
        domain.handle_notification(alias="default", headers=headers, body=body)
    order.refresh_from_db()
    assert order.state == order_state
    assert list(Notification.objects.order_by("pk").values_list("outcome", flat=True)) == outcomes
    assert Licence.objects.count() == (order_state == "fulfilled")


@pytest.mark.parametrize("amount", [1, 120_000, 120_002])
def test_the_wrong_amount_buys_nothing(order: Order, amount: int) -> None:
    [(headers, body)] = notices(order, PAID, amount=amount)
    for _ in range(2):
        assert code_of(domain.handle_notification, alias="default", headers=headers, body=body) == "payment.amount"
    order.refresh_from_db()
    assert (order.state, Licence.objects.count()) == ("pending", 0)
    assert list(Notification.objects.values_list("outcome", "amount_fen")) == [("payment.amount", amount)]


def test_a_forged_notice_buys_nothing_and_is_logged(order: Order, caplog: pytest.LogCaptureFixture) -> None:
    [(headers, body)] = notices(order, PAID)
    forged = {**headers, "webhook-signature": "v1,AAAA"}
    assert code_of(domain.handle_notification, alias="default", headers=forged, body=body) == "payment.forged"
    order.refresh_from_db()
    assert (order.state, Notification.objects.count()) == ("pending", 0)
    assert [record.getMessage() for record in caplog.records if record.name == "marketplace.payments"] == ["notice refused: payment.forged"]


def test_a_notice_about_no_payment_of_ours_is_refused(order: Order) -> None:
    stray = SandboxProvider()
    headers, body = stray.settle(stray.create(key="someone-else", amount_fen=1, subject="").ref, paid=True)
    assert code_of(domain.handle_notification, alias="default", headers=headers, body=body) == "payment.unknown"


def test_money_for_an_order_given_up_goes_back(order: Order) -> None:
    [(headers, body)] = notices(order, PAID)
    SandboxProvider().settle(Payment.objects.get().provider_ref or "", paid=True)
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    domain.handle_notification(alias="default", headers=headers, body=body)
    order.refresh_from_db()
    payment = Payment.objects.get()
    assert (order.state, payment.state, Licence.objects.count()) == ("cancelled", "refunded", 0)
    assert payment.provider_ref is not None
    assert SandboxProvider().query(payment.provider_ref).state == PaymentState.REFUNDED


def test_what_is_paid_is_finished_even_where_the_request_died(order: Order) -> None:
    from django_tasks_db.models import DBTaskResult

    from marketplace.domain import payments

    [(headers, body)] = notices(order, PAID)
    payments._apply(Payment.objects.get(), SandboxProvider().verify_notification(headers=headers, body=body))  # and here it died
    order.refresh_from_db()
    assert (order.state, Licence.objects.count()) == ("paid", 0)
    [waiting] = DBTaskResult.objects.filter(task_path="marketplace.tasks.finish")
    waiting.task.call(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
    order.refresh_from_db()
    assert (order.state, Licence.objects.count()) == ("fulfilled", 1)


def test_a_refused_notice_leaves_no_task(order: Order) -> None:
    from django_tasks_db.models import DBTaskResult

    [(headers, body)] = notices(order, PAID, amount=1)
    code_of(domain.handle_notification, alias="default", headers=headers, body=body)
    assert DBTaskResult.objects.filter(task_path="marketplace.tasks.finish").count() == 0


def test_the_shelf_changes_the_generation(published_asset: Asset) -> None:
    from assets.generation import generation

    seen = [generation()]
    offer = domain.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=1, price_fen=1)
    seen.append(generation())
    domain.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=1, price_fen=1)
    seen.append(generation())
    domain.retire_offer(offer=offer)
    seen.append(generation())
    assert [first == second for first, second in pairwise(seen)] == [False, True, False]


def test_the_sweeper_finishes_what_was_cut_short(order: Order) -> None:
    charge = domain.pay(order=order, user=order.user)
    assert charge is not None
    SandboxProvider().settle(charge.ref, paid=True)  # the notice is lost
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert domain.sweep() == {"fulfilled": 0, "refreshed": 1, "refunded": 0, "expired": 0}
    order.refresh_from_db()
    assert (order.state, Licence.objects.count()) == ("fulfilled", 1)
    assert domain.sweep() == {"fulfilled": 0, "refreshed": 0, "refunded": 0, "expired": 0}


def test_the_sweeper_fulfils_a_paid_order_and_ends_terms(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state=OrderState.PAID, paid_at=timezone.now() - timedelta(days=400))
    assert domain.sweep() == {"fulfilled": 1, "refreshed": 0, "refunded": 0, "expired": 1}
    assert Licence.objects.get().state == LicenceState.EXPIRED


def at_once(call: Callable[[], T], times: int) -> list[T]:
    """Call from many threads; SQLite's database in memory knows no busy timeout, so a caller that met a lock comes again."""

    def attempt(_number: int) -> T:
        try:
            while True:
                try:
                    return call()
                except OperationalError as problem:
                    if "locked" not in str(problem):
                        raise
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(attempt, range(times)))


def test_of_many_at_once_one_moves_the_row(order: Order) -> None:
    assert sorted(at_once(lambda: move(Order, order.pk, OrderState.PENDING), 16)) == [False] * 15 + [True]


def test_parallel_notices_grant_one_licence(order: Order) -> None:
    [(headers, body)] = notices(order, PAID)
    answers = at_once(lambda: domain.handle_notification(alias="default", headers=headers, body=body).state, 8)
    assert answers == ["paid"] * 8
    assert (Licence.objects.count(), Notification.objects.count()) == (1, 1)


@pytest.mark.parametrize(("machine", "states"), [(ORDER, OrderState), (PAYMENT, PaymentState), (LICENCE, LicenceState)])
def test_final_states_have_no_way_out(machine: dict[str, frozenset[str]], states: type[OrderState]) -> None:
    left = {state for sources in machine.values() for state in sources}
    final = {OrderState: {"fulfilled", "cancelled"}, PaymentState: {"refunded"}, LicenceState: {"revoked"}}
    assert set(states.values) - left == final[states]


@pytest.mark.parametrize(
    "wrong",
    [
        {"use": "anything"},
        {"medium": "stone"},
        {"territory": "XX"},
        {"term_months": 0},
        {"price_fen": -1},
        {"shares": {"holder": 9000, "bearers": 2000, "platform": 1000}},
        {"shares": {"holder": 10_000}},
    ],
)
def test_offers_that_no_licence_could_be_written_from_are_refused(published_asset: Asset, wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"use": "product", "medium": "goods", "territory": "CN", "term_months": 12, "price_fen": 1}
    assert code_of(domain.create_offer, asset=published_asset, **{**good, **wrong}) == "offer.invalid"


@pytest.mark.parametrize("who", ["visitor", "creator", "other_curator", "supervisor"])
def test_only_the_assets_institution_offers_it(published_asset: Asset, people: dict[str, User], who: str) -> None:
    scope = {"use": "product", "medium": "goods", "territory": "CN", "term_months": 12, "price_fen": 1}
    assert code_of(domain.create_offer, asset=published_asset, user=people[who], **scope) == "offer.not-allowed"


def test_the_same_offer_made_twice_is_one(offer: Offer, published_asset: Asset) -> None:
    again = domain.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=12, price_fen=120_001)
    assert again == offer


@pytest.mark.parametrize("wrong", [{"price_fen": -1}, {"term_months": 0}, {"holder_bp": 7001}])
def test_the_database_itself_refuses_a_broken_offer(offer: Offer, wrong: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(**wrong)

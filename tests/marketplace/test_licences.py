# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from assets.models import AccessGrant, Asset, User, Version
from ledger.models import Entry
from marketplace import domain, receipts
from marketplace.calendar import add_months, start_of
from marketplace.commitments import opens
from marketplace.enums import LicenceState, OrderState
from marketplace.errors import MarketplaceError
from marketplace.models import Licence, Offer, Order

pytestmark = pytest.mark.django_db(transaction=True)


def entries() -> list[tuple[str, str]]:
    """Give what this room wrote to the log."""
    return [(entry.kind, entry.subject_kind) for entry in Entry.objects.filter(kind__regex="^(licence|access)").order_by("pk")]


def test_paying_grants_a_licence_with_receipt_access_and_entry(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    entry = Entry.objects.get(kind="licence.grant")
    assert (entry.uuid, entry.subject_id, entry.digest) == (licence.entry, str(licence.pk), licence.receipt_cid)
    assert entries() == [("licence.grant", "licence"), ("access.grant", "asset")]
    grant = AccessGrant.objects.get()
    assert (grant.user, grant.version_id, grant.basis, grant.basis_id) == (people["creator"], licence.version_id, "licence", licence.pk)
    assert grant.expires_at == start_of(licence.ends_on)
    assert licence.order.state == OrderState.FULFILLED


def test_the_receipt_says_everything_but_who(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    folder = receipts.package(licence)
    body = json.loads((folder / "data" / "receipt.json").read_bytes())
    assert sorted(path.name for path in (folder / "data").iterdir()) == [
        "receipt.html",
        "receipt.json",
        "terms.en.txt",
        "terms.zh-hans.txt",
    ]
    assert body["licence"] == str(licence.pk)
    assert body["asset"]["cid"] == licence.version.cid
    assert body["price"] == {
        "amount_fen": 120_001,
        "currency": "CNY",
        "split": [
            {"party": "holder", "basis_points": 7000, "amount_fen": 84_001},
            {"party": "bearers", "basis_points": 2000, "amount_fen": 24_000},
            {"party": "platform", "basis_points": 1000, "amount_fen": 12_000},
        ],
    }
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()) + Entry.objects.get(kind="licence.grant").leaf
    assert [word in everything for word in (b"creator", str(people["creator"].pk).encode())] == [False, False]
    assert licence.licensee_body is not None
    assert opens(body["licensee"]["commitment"], bytes.fromhex(licence.order.licensee_salt), licence.licensee_body)


def test_sealing_the_same_order_twice_gives_one_receipt(offer: Offer, buy: Callable[..., Licence]) -> None:
    licence = buy(offer)
    again = receipts.seal(Order.objects.get(pk=licence.order_id))
    assert again.cid == licence.receipt_cid


def test_fulfilling_twice_gives_one_licence(offer: Offer, buy: Callable[..., Licence]) -> None:
    licence = buy(offer)
    assert domain.fulfil(order_id=licence.order_id) == licence
    assert (Licence.objects.count(), AccessGrant.objects.count(), Entry.objects.filter(kind="licence.grant").count()) == (1, 1, 1)


def test_an_unpaid_order_grants_nothing(offer: Offer, people: dict[str, User]) -> None:
    order = domain.place_order(user=people["creator"], offer=offer, key="k")
    with pytest.raises(MarketplaceError) as caught:
        domain.fulfil(order_id=order.pk)
    assert caught.value.code == "order.not-paid"
    assert (Licence.objects.count(), entries()) == (0, [])


def test_a_withdrawn_version_is_not_licensed_and_the_money_goes_back(offer: Offer, people: dict[str, User]) -> None:
    from tests.marketplace.conftest import settle

    order = domain.place_order(user=people["creator"], offer=offer, key="k")
    Version.objects.filter(pk=order.version_id).update(withdrawn_at=timezone.now())
    settle(order, paid=True)
    order.refresh_from_db()
    assert (order.state, order.failure, order.payment.state) == ("failed", "offer.unavailable", "refunded")
    assert (Licence.objects.count(), AccessGrant.objects.count(), entries()) == (0, 0, [])


def test_revoking_ends_access_and_is_an_entry(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = domain.revoke(licence=buy(offer), user=people["curator"], reason="breach")
    entry = Entry.objects.get(kind="licence.revoke")
    assert (licence.state, licence.revoke_entry, licence.revoke_reason) == ("revoked", entry.uuid, "breach")
    assert (entry.subject_id, entry.digest, entry.facts["reason"]) == (str(licence.pk), licence.receipt_cid, "breach")
    assert AccessGrant.objects.filter(revoked_at=None).count() == 0


def test_revoking_twice_leaves_one_entry(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = domain.revoke(licence=buy(offer), user=people["administrator"], reason="error")
    with pytest.raises(MarketplaceError) as caught:
        domain.revoke(licence=licence, user=people["administrator"], reason="error")
    assert caught.value.code == "licence.already-revoked"
    assert Entry.objects.filter(kind="licence.revoke").count() == 1


@pytest.mark.parametrize("who", ["creator", "other_creator", "visitor", "other_curator", "supervisor"])
def test_only_the_grantor_revokes(offer: Offer, buy: Callable[..., Licence], people: dict[str, User], who: str) -> None:
    with pytest.raises(MarketplaceError) as caught:
        domain.revoke(licence=buy(offer), user=people[who], reason="breach")
    assert (caught.value.code, caught.value.status) == ("licence.not-found", 404)


def test_the_reason_is_a_code_so_that_no_name_reaches_the_log(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    with pytest.raises(MarketplaceError) as caught:
        domain.revoke(licence=buy(offer), user=people["curator"], reason="because of Wang")
    assert caught.value.code == "licence.reason"


def test_a_licence_expires_on_its_end_day(offer: Offer, buy: Callable[..., Licence]) -> None:
    licence = buy(offer)
    last = licence.ends_on.replace(day=licence.ends_on.day) - (date(2000, 1, 2) - date(2000, 1, 1))
    assert [licence.state_on(day) for day in (licence.starts_on, last, licence.ends_on)] == [
        LicenceState.ACTIVE,
        LicenceState.ACTIVE,
        LicenceState.EXPIRED,
    ]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_end_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_new_version_does_not_change_what_was_licensed(published_asset: Asset, offer: Offer, buy: Callable[..., Licence]) -> None:
    licence = buy(offer)
    first = licence.version
    Version.objects.create(asset=published_asset, number=2, cid="bafynew", record=first.record, sealed_at=timezone.now(), entry=first.entry)
    later = buy(offer, who="other_creator")
    licence.refresh_from_db()
    assert (licence.version.number, later.version.number) == (1, 2)

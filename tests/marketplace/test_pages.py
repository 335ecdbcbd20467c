# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assets import stores
from assets.models import Asset, User
from ledger.models import Entry
from marketplace import domain
from marketplace.commitments import opens
from marketplace.models import Licence, Offer, Order
from marketplace.panels import offers as panel
from tests.cast import client_of

pytestmark = pytest.mark.django_db(transaction=True)
EVERYONE = ("visitor", "curator", "other_curator", "creator", "other_creator", "supervisor", "administrator")


def statuses(people: dict[str, User], address: str) -> dict[str, int]:
    """Ask for an address as everyone."""
    answers = {name: client_of(people[name]).get(address).status_code for name in EVERYONE}
    return {"stranger": Client().get(address).status_code, **answers}


def allowed(*names: str, stranger: int = 302) -> dict[str, int]:
    return {"stranger": stranger, **{name: 200 if name in names else 404 for name in EVERYONE}}


def texts(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def test_anyone_sees_what_is_offered(offer: Offer, free_offer: Offer, stranger: Client) -> None:
    page = texts(stranger.get("/zh-hans/licences/"))
    assert [word in page for word in ("蛋壳黑陶杯", "文创产品", "¥1,200.01", "免费")] == [True] * 4


def test_the_empty_shelf_says_so(db: None, stranger: Client) -> None:
    assert "目前没有可订购的授权。" in texts(stranger.get("/zh-hans/licences/"))


def test_an_offer_shows_scope_price_split_and_terms(offer: Offer, stranger: Client) -> None:
    page = texts(stranger.get(f"/en/licences/offers/{offer.pk}/"))
    words = (
        "Cultural and creative products",
        "Physical goods",
        "China",
        "1 year",
        "¥1,200.01",
        "¥840.01",
        "cup.ply",
        "Terms",
        "Log in to order",
    )
    assert [word for word in words if word not in page] == []


def test_an_offer_of_a_draft_is_not_there(draft_asset: Asset, stranger: Client) -> None:
    offer = domain.create_offer(asset=draft_asset, use="product", medium="goods", territory="CN", term_months=1, price_fen=1)
    assert stranger.get(f"/en/licences/offers/{offer.pk}/").status_code == 404


def test_the_whole_way_by_hand(offer: Offer, creator: User) -> None:
    client = client_of(creator)
    key = re.search(r'name="key" value="(\w+)"', client.get(f"/en/licences/offers/{offer.pk}/").content.decode())
    assert key is not None
    sandbox = client.post(f"/en/licences/offers/{offer.pk}/", {"key": key[1]})
    assert sandbox.status_code == 302
    assert "No money moves" in texts(client.get(sandbox["Location"]))
    order = client.post(sandbox["Location"], {"answer": "pay"}, follow=True)
    licence = Licence.objects.get()
    assert f"/en/licences/{licence.pk}/" in order.content.decode()
    page = texts(client.get(f"/en/licences/{licence.pk}/"))
    assert [word in page for word in ("Valid", "cup.ply", "Being witnessed", str(licence.receipt_cid))] == [True] * 4
    again = client.post(f"/en/licences/offers/{offer.pk}/", {"key": key[1]})
    assert (again["Location"], Order.objects.count()) == (f"/en/orders/{licence.order_id}/", 1)


def test_a_payment_that_fails_can_be_repeated(offer: Offer, creator: User) -> None:
    client = client_of(creator)
    sandbox = client.post(f"/en/licences/offers/{offer.pk}/", {"key": "k"})["Location"]
    assert "The payment failed" in texts(client.post(sandbox, {"answer": "fail"}, follow=True))
    assert Licence.objects.count() == 0


def test_a_free_licence_takes_one_step(free_offer: Offer, creator: User) -> None:
    answer = client_of(creator).post(f"/en/licences/offers/{free_offer.pk}/", {"key": "k"}, follow=True)
    assert "To the licence and its files" in texts(answer)
    assert Licence.objects.get().user == creator


@pytest.mark.parametrize("who", ["visitor", "curator", "supervisor"])
def test_who_may_not_order_is_told_why(offer: Offer, people: dict[str, User], who: str) -> None:
    answer = client_of(people[who]).post(f"/en/licences/offers/{offer.pk}/", {"key": "k"})
    assert (answer.status_code, "Only creators order licences." in texts(answer), Order.objects.count()) == (403, True, 0)


def test_a_stranger_is_sent_to_log_in(offer: Offer, stranger: Client) -> None:
    answer = stranger.post(f"/en/licences/offers/{offer.pk}/", {"key": "k"})
    assert (answer.status_code, answer["Location"].split("?")[0], Order.objects.count()) == (302, "/en/login/", 0)


def test_an_order_is_its_owners(offer: Offer, people: dict[str, User]) -> None:
    order = domain.place_order(user=people["creator"], offer=offer, key="k")
    assert statuses(people, f"/en/orders/{order.pk}/") == allowed("creator", "administrator")


def test_the_sandbox_page_is_its_payers(offer: Offer, people: dict[str, User]) -> None:
    order = domain.place_order(user=people["creator"], offer=offer, key="k")
    charge = domain.pay(order=order, user=people["creator"])
    assert charge is not None
    assert statuses(people, charge.pay_url) == allowed("creator", "administrator")
    assert client_of(people["other_creator"]).post(charge.pay_url, {"answer": "pay"}).status_code == 404
    assert Licence.objects.count() == 0


def test_a_licence_is_public_and_names_nobody(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    assert statuses(people, f"/en/licences/{licence.pk}/") == allowed(*EVERYONE, stranger=200)
    page = Client().get(f"/en/licences/{licence.pk}/").content.decode()
    assert [word in page for word in (str(people["creator"].pk), people["creator"].username, "master", "opening.json")] == [False] * 4


def test_nobody_downloads_a_master_without_a_right(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    assert statuses(people, f"/en/licences/{licence.pk}/master/") == allowed("creator")
    assert statuses(people, f"/en/licences/{licence.pk}/master/2/") == allowed()


def test_each_download_is_an_event_before_the_first_byte(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    answer = client_of(people["creator"]).get(f"/en/licences/{licence.pk}/master/")
    original = licence.version.record["originals"][0]
    assert b"".join(answer.streaming_content) == stores.default().path(original["cid"]).read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="cup.ply"'
    [entry] = Entry.objects.filter(kind="access.download")
    assert (entry.digest, entry.facts["role"]) == (original["cid"], "creator")


def test_a_refused_download_is_no_event(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    client_of(people["other_creator"]).get(f"/en/licences/{licence.pk}/master/")
    assert Entry.objects.filter(kind="access.download").count() == 0


def test_revoking_ends_the_download_and_shows(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    answer = client_of(people["curator"]).post(f"/en/licences/{licence.pk}/revoke/", {"reason": "breach"}, follow=True)
    assert answer.status_code == 200
    page = texts(Client().get(f"/en/licences/{licence.pk}/"))
    assert [word in page for word in ("Revoked", "Terms were broken", "Valid")] == [True, True, False]
    assert statuses(people, f"/en/licences/{licence.pk}/master/") == allowed()


@pytest.mark.parametrize("who", ["visitor", "creator", "other_creator", "other_curator", "supervisor"])
def test_a_licence_is_not_revoked_by_just_anyone(offer: Offer, buy: Callable[..., Licence], people: dict[str, User], who: str) -> None:
    licence = buy(offer)
    assert client_of(people[who]).post(f"/en/licences/{licence.pk}/revoke/", {"reason": "breach"}).status_code == 404
    licence.refresh_from_db()
    assert licence.state == "active"


@pytest.mark.parametrize("name", ["receipt/", "receipt.zip"])
def test_a_receipt_is_the_licensees(offer: Offer, buy: Callable[..., Licence], people: dict[str, User], name: str) -> None:
    licence = buy(offer)
    assert statuses(people, f"/en/licences/{licence.pk}/{name}") == allowed("creator", "supervisor", "administrator")


def test_the_licensee_alone_opens_the_commitment(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    address = f"/en/licences/{licence.pk}/opening.json"
    assert statuses(people, address) == allowed("creator")
    said = json.loads(client_of(people["creator"]).get(address).content)
    assert opens(licence.licensee_commitment, bytes.fromhex(said["salt"]), said["body"])


def test_the_receipts_address_carries_no_language(offer: Offer, buy: Callable[..., Licence], stranger: Client) -> None:
    licence = buy(offer)
    answer = stranger.get(f"/licences/{licence.pk}/", headers={"accept-language": "en"})
    assert (answer.status_code, answer["Location"]) == (303, f"/en/licences/{licence.pk}/")


def test_notices_come_in_by_their_own_address(offer: Offer, creator: User) -> None:
    from marketplace.payments.sandbox import SandboxProvider

    order = domain.place_order(user=creator, offer=offer, key="k")
    charge = domain.pay(order=order, user=creator)
    assert charge is not None
    headers, body = SandboxProvider().settle(charge.ref, paid=True)
    outside = Client(enforce_csrf_checks=True)
    forged = outside.post("/payments/default/notify", body, "application/json", headers={**headers, "webhook-id": "other"})
    assert (forged.status_code, forged.json()["code"]) == (403, "payment.forged")
    assert outside.post("/payments/other/notify", body, "application/json", headers=headers).status_code == 404
    assert outside.post("/payments/default/notify", body, "application/json", headers=headers).status_code == 204
    assert Licence.objects.count() == 1


def test_an_institution_makes_and_retires_its_offers(published_asset: Asset, people: dict[str, User]) -> None:
    address = f"/en/licences/assets/{published_asset.pk}/"
    assert statuses(people, address) == allowed("curator", "administrator")
    client = client_of(people["curator"])
    said = {"use": "print", "medium": "print", "territory": "CN", "term_months": "0", "price": "12.345"}
    assert client.post(address, said).status_code == 422
    assert client.post(address, {**said, "use": "publication", "term_months": "6", "price": "12.34"}).status_code == 302
    offer = Offer.objects.get()
    assert (offer.price_fen, offer.term_months, offer.created_by) == (1234, 6, people["curator"])
    client.post(address, {"retire": str(offer.pk)})
    offer.refresh_from_db()
    assert offer.active is False


def test_the_panel_speaks_to_each(offer: Offer, buy: Callable[..., Licence], people: dict[str, User], published_asset: Asset) -> None:
    from django.contrib.auth.models import AnonymousUser

    from assets.queries import published

    found = published(published_asset.pk)
    assert found is not None
    licence = buy(offer)
    plain = panel(found, AnonymousUser())
    assert plain is not None
    assert ([row["price"] for row in plain["rows"]], plain["licences"], plain["may_offer"]) == (["¥1,200.01"], [], False)
    seen = {name: panel(found, people[name]) for name in ("creator", "other_creator", "curator", "other_curator")}
    assert {name: (one["licences"], one["may_offer"]) for name, one in seen.items() if one} == {
        "creator": ([licence], False),
        "other_creator": ([], False),
        "curator": ([], True),
        "other_curator": ([], False),
    }


def test_the_panel_is_silent_where_there_is_nothing_to_say(published_asset: Asset, creator: User) -> None:
    from assets.queries import published

    found = published(published_asset.pk)
    assert found is not None
    assert panel(found, creator) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_however_long(published_asset: Asset, stranger: Client, rows: int, django_assert_num_queries: Any) -> None:
    for price in range(rows):
        domain.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=1, price_fen=price)
    with django_assert_num_queries(3):
        stranger.get("/zh-hans/licences/")

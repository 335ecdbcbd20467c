# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from ninja import NinjaAPI

from assets import domain
from assets.models import Asset, User
from cms import problems
from ledger.sequencer import sequence
from ledger.verify import canonical
from marketplace import domain as market
from tests.cast import client_of

pytestmark = pytest.mark.django_db(transaction=True)
FIELDS = ["type", "title", "status", "detail", "code", "hint", "retryable", "instance"]

NOBODY = "00000000-0000-4000-8000-000000000000"


def problem(response: Any) -> dict[str, Any]:
    """Check a problem's shape and give it."""
    assert response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(response.content)
    assert list(said)[:8] == FIELDS
    assert (said["status"], said["type"]) == (response.status_code, f"urn:qilu:problem:{said['code']}")
    return said


def test_the_description_is_valid_and_names_every_operation(stranger: Client) -> None:
    schema = stranger.get("/api/v1/openapi.json").json()
    operations = {one["operationId"] for methods in schema["paths"].values() for one in methods.values()}
    assert schema["openapi"].startswith("3.")
    assert operations == {
        "contents", "list_assets", "get_asset", "list_renditions", "list_annotations", "list_offers", "get_offer", "get_licence", "list_orders",
        "place_order", "get_order", "pay_order", "get_checkpoint", "get_entry", "get_policy", "get_trail",
    }  # fmt: skip
    references = {text for text in json.dumps(schema).split('"') if text.startswith("#/components/schemas/")}
    assert references - {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]} == set()


def test_the_root_is_a_table_of_contents(stranger: Client) -> None:
    assert stranger.get("/api/v1/").json()["assets"] == "/api/v1/assets"


def test_published_assets_are_listed_and_drafts_are_not(published_asset: Asset, draft_asset: Asset, stranger: Client) -> None:
    page = stranger.get("/api/v1/assets").json()
    assert [one["asset"] for one in page["items"]] == [str(published_asset.pk)]
    assert (page["total"], page["limit"], page["offset"]) == (1, 24, 0)
    assert page["items"][0]["title"] == {"zh-hans": "蛋壳黑陶杯", "en": "Eggshell cup"}
    assert problem(stranger.get(f"/api/v1/assets/{draft_asset.pk}"))["code"] == "request.not-found"


@pytest.mark.parametrize(
    ("query", "total"), [("q=黑陶", 1), ("q=eggshell", 1), ("q=青铜", 0), ("region=rizhao", 1), ("region=yantai", 0), ("kind=site", 0)]
)
def test_the_list_is_searched_and_filtered(published_asset: Asset, stranger: Client, query: str, total: int) -> None:
    from assets import search

    search.refresh()
    assert stranger.get(f"/api/v1/assets?{query}").json()["total"] == total


def test_an_asset_carries_its_record_and_derivatives(published_asset: Asset, stranger: Client) -> None:
    found = stranger.get(f"/api/v1/assets/{published_asset.pk}").json()
    assert found["record"] == published_asset.current_version.record
    made = stranger.get(f"/api/v1/assets/{published_asset.pk}/renditions").json()
    assert [one["role"] for one in made] == [one["role"] for one in found["record"]["renditions"]]
    address = made[0]["url"].removeprefix("http://127.0.0.1:8000")
    assert stranger.get(address).status_code == 200


def test_a_withdrawn_asset_is_gone(published_asset: Asset, curator: User, stranger: Client) -> None:
    domain.withdraw(asset=published_asset, user=curator, reason="an error")
    assert problem(stranger.get(f"/api/v1/assets/{published_asset.pk}"))["code"] == "asset.withdrawn"
    assert stranger.get("/api/v1/assets").json()["total"] == 0


def test_what_does_not_fit_says_where(stranger: Client) -> None:
    response = stranger.get("/api/v1/assets?limit=0")
    said = problem(response)
    assert (response.status_code, said["code"], [one["at"] for one in said["errors"]]) == (422, "request.invalid", ["query.limit"])


@pytest.mark.parametrize(
    "address",
    ["nothing", "assets/none", "assets/none/here", f"assets/{NOBODY}", "docs", f"offers/{NOBODY}", f"licences/{NOBODY}"],
)
def test_what_is_not_there_is_a_problem_too(db: None, stranger: Client, address: str) -> None:
    response = stranger.get(f"/api/v1/{address}")
    assert (response.status_code, problem(response)["code"]) == (404, "request.not-found")


def test_a_method_that_does_not_go_is_a_problem_and_names_those_that_do(stranger: Client) -> None:
    response = stranger.delete("/api/v1/assets")
    assert (response.status_code, problem(response)["code"], response["Allow"]) == (405, "request.method", "GET")


def test_head_is_get_without_a_body(stranger: Client) -> None:
    response = stranger.head("/api/v1/")
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(len(stranger.get("/api/v1/").content))


def test_a_fault_of_ours_tells_nothing_of_its_insides(rf: RequestFactory) -> None:
    faulty = NinjaAPI(urls_namespace="faulty")
    problems.register(faulty)

    @faulty.get("/boom")
    def boom(request: HttpRequest) -> None:
        raise RuntimeError("a secret of ours")

    patterns = problems.wrapped(faulty.urls)[0]
    view = next(one.callback for one in patterns if str(one.pattern) == "boom")
    response = view(rf.get("/boom"))
    assert (problem(response)["code"], b"secret" in response.content) == ("internal", False)


def test_problems_speak_the_readers_language(stranger: Client) -> None:
    spoken = [problem(stranger.get("/api/v1/nothing", headers={"accept-language": language}))["detail"] for language in ("en", "zh-hans")]
    assert spoken == ["There is nothing at this address.", "这个地址没有内容。"]


def test_the_log_proves_an_entry_to_anyone(published_asset: Asset, stranger: Client) -> None:
    entry = published_asset.current_version.entry
    assert problem(stranger.get(f"/api/v1/log/entries/{entry}"))["code"] == "request.not-found"
    head = sequence()
    assert head is not None
    said = stranger.get(f"/api/v1/log/entries/{entry}").json()
    assert (said["leaf"]["id"], said["leaf"]["kind"], said["checkpoint"]["root"]) == (str(entry), "version.publish", head.root)
    assert said["proof"].startswith("c2sp.org/tlog-proof@v1\n")
    assert canonical(said["leaf"]) == published_leaf(entry)
    assert stranger.get("/api/v1/log/checkpoint").json()["note"] == head.text
    assert sorted(stranger.get("/api/v1/log/policy").json()) == ["format", "logs", "max_age", "quorum", "witnesses"]


def published_leaf(entry: uuid.UUID) -> bytes:
    from ledger.models import Entry

    leaf: bytes = Entry.objects.get(uuid=entry).leaf
    return leaf


def test_orders_need_an_account_and_its_role(published_asset: Asset, visitor: User, stranger: Client) -> None:
    offer = market.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=12, price_fen=100)
    said: dict[str, Any] = {
        "data": json.dumps({"offer": str(offer.pk)}),
        "content_type": "application/json",
        "headers": {"idempotency-key": "k"},
    }
    assert problem(stranger.post("/api/v1/orders", **said))["code"] == "request.unauthenticated"
    assert problem(client_of(visitor).post("/api/v1/orders", **said))["code"] == "order.not-allowed"


def test_a_creator_orders_and_anyone_checks_the_licence(published_asset: Asset, creator: User, supervisor: User, stranger: Client) -> None:
    offer = market.create_offer(asset=published_asset, use="education", medium="any", territory="world", term_months=36, price_fen=0)
    mine = client_of(creator)
    said: dict[str, Any] = {
        "data": json.dumps({"offer": str(offer.pk)}),
        "content_type": "application/json",
        "headers": {"idempotency-key": "k"},
    }
    order = mine.post("/api/v1/orders", **said).json()
    assert mine.post("/api/v1/orders", **said).json()["order"] == order["order"]
    paid = mine.post(f"/api/v1/orders/{order['order']}/pay").json()
    assert (paid["state"], paid["pay_url"]) == ("fulfilled", None)
    licence = stranger.get(f"/api/v1/licences/{paid['licence']}").json()
    assert (licence["state"], licence["asset"]) == ("active", str(published_asset.pk))
    assert "creator" not in json.dumps(licence)
    assert problem(client_of(supervisor).get(f"/api/v1/orders/{order['order']}"))["code"] == "request.not-found"
    assert [one["order"] for one in mine.get("/api/v1/orders").json()] == [order["order"]]


def test_orders_of_a_foreign_page_are_refused(creator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(creator)
    response = client.post("/api/v1/orders", data="{}", content_type="application/json")
    assert (response.status_code, problem(response)["code"]) == (403, "request.forbidden")


def test_offers_are_listed_in_a_stable_order(published_asset: Asset, stranger: Client) -> None:
    for price in (500, 0, 200):
        market.create_offer(asset=published_asset, use="product", medium="goods", territory="CN", term_months=12, price_fen=price)
    pages = [stranger.get(f"/api/v1/offers?limit=1&offset={number}").json() for number in range(3)]
    assert [page["items"][0]["price_fen"] for page in pages] == [0, 200, 500]
    assert {page["total"] for page in pages} == {3}


@pytest.mark.parametrize("who", ["visitor", "curator", "creator", "other_curator"])
def test_trails_are_for_supervisors(request: pytest.FixtureRequest, published_asset: Asset, who: str) -> None:
    response = client_of(request.getfixturevalue(who)).get(f"/api/v1/supervision/trails/asset/{published_asset.pk}")
    assert (response.status_code, problem(response)["code"]) == (404, "request.not-found")


def test_a_supervisor_reads_a_trail_and_is_in_it(published_asset: Asset, supervisor: User) -> None:
    trail = client_of(supervisor).get(f"/api/v1/supervision/trails/asset/{published_asset.pk}").json()
    assert [one["kind"] for one in trail["items"]] == ["supervise.inspect", "version.publish", "process.run", "ingest.receive"]
    assert str(supervisor.pk) not in json.dumps(trail)

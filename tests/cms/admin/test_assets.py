# SPDX-License-Identifier: Apache-2.0
"""The asset's own pages: list, edit, publish, withdraw, delete."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assets import domain
from assets.domain import create_asset
from assets.models import Asset, Sealing
from ledger.models import Entry
from tests.cms.admin.conftest import SECRET, SECRET_EN, client_of


def titles(client: Client, **query: str) -> set[str]:
    response = client.get("/admin/assets/", query)
    return {asset.title for asset in response.context_data["object_list"]}


def texts_form(asset: Asset, **changes: str) -> dict[str, Any]:
    """Give what the edit form posts, unchanged but for `changes` of the first text."""
    data: dict[str, Any] = {
        "kind": asset.kind,
        "sensitivity": asset.sensitivity,
        "place": asset.place_id or "",
        "accession_number": "",
        "date_edtf": "",
    }
    for name, rows in (("texts", list(asset.texts.order_by("pk"))), ("rights", list(asset.rights.all()))):
        data |= {
            f"{name}-TOTAL_FORMS": len(rows),
            f"{name}-INITIAL_FORMS": len(rows),
            f"{name}-MIN_NUM_FORMS": 0,
            f"{name}-MAX_NUM_FORMS": 2,
        }
        for place, row in enumerate(rows):
            data |= {
                f"{name}-{place}-{field.name}": field.value_from_object(row) or "" for field in row._meta.fields if field.name != "asset"
            }
    return (
        data | {f"texts-0-{key}": value for key, value in changes.items()} | {key: value for key, value in changes.items() if key in data}
    )


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_list_shows_the_own_museum_only(secret: Asset, curator, stranger, other_museum) -> None:
    create_asset(institution=other_museum, user=stranger, title="Another thing")
    assert (titles(client_of(curator)), titles(client_of(stranger))) == ({SECRET_EN}, {"Another thing"})


@pytest.mark.parametrize(
    ("words", "found"),
    [("青铜", True), ("钺", True), ("铜钺", True), ("bronze", True), ("陶", False), ("青铜 axe", True), ("青铜 cup", False)],
)
def test_search_finds_parts_of_chinese_words(secret: Asset, curator, words: str, found: bool) -> None:
    assert titles(client_of(curator), q=words) == ({SECRET_EN} if found else set())


def test_filters(secret: Asset, curator, region) -> None:
    client = client_of(curator)
    answers = [
        titles(client, **query)
        for query in ({"kind": "object"}, {"kind": "site"}, {"state": "draft"}, {"state": "published"}, {"region": str(region.pk)})
    ]
    assert answers == [{SECRET_EN}, set(), {SECRET_EN}, set(), {SECRET_EN}]


def test_one_and_three_rows_take_the_same_queries(museum, curator) -> None:
    client, counts = client_of(curator), []
    for more in (1, 2):
        for number in range(more):
            create_asset(institution=museum, user=curator, title=f"Thing {more}{number}")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/assets/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_editing_keeps_a_draft(secret: Asset, curator) -> None:
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret, title="新名"))
    assert response.status_code == 302, response.context_data["form"].errors
    assert Asset.objects.get(pk=secret.pk).get_latest_revision_as_object().text("zh-hans").title == "新名"


def test_the_institution_cannot_be_posted(secret: Asset, curator, other_museum) -> None:
    client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret) | {"institution": str(other_museum.pk)})
    assert Asset.objects.get(pk=secret.pk).institution_id == secret.institution_id


def test_a_new_asset_belongs_to_the_curators_museum(museum, other_museum, curator) -> None:
    blank = {f"rights-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")} | {"texts-TOTAL_FORMS": 1, "texts-INITIAL_FORMS": 0}
    data = {
        "kind": "object",
        "sensitivity": "open",
        "institution": str(other_museum.pk),
        "texts-0-language": "zh-hans",
        "texts-0-method": "human",
        "texts-0-title": "新器",
    }
    response = client_of(curator).post("/admin/assets/add/", blank | data)
    asset = Asset.objects.get()
    assert (response.status_code, asset.institution, asset.created_by, asset.title, asset.live) == (302, museum, curator, "新器", False)


def test_the_form_refuses_two_texts_in_one_language(secret: Asset, curator) -> None:
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret, language="en"))
    assert response.status_code == 200


@pytest.mark.parametrize(("field", "value"), [("date_edtf", "long ago"), ("date_latest", "-3000")])
def test_the_form_refuses_bad_dates(secret: Asset, curator, field: str, value: str) -> None:
    data = texts_form(secret) | {"date_earliest": "-2400", "date_latest": "-2000", "date_edtf": "-2400/-2000"} | {field: value}
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", data)
    assert list(response.context_data["form"].errors) == [field]


def test_edtf_is_accepted(secret: Asset, curator) -> None:
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret) | {"date_edtf": "-2400/-2000"})
    assert response.status_code == 302


def test_publishing_asks_for_sealing(secret: Asset, curator) -> None:
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret) | {"action-publish": "1"})
    secret.refresh_from_db()
    assert (response.status_code, secret.state, secret.live, Sealing.objects.get().asset) == (302, "sealing", False, secret)


def test_publishing_without_rights_is_refused_with_words(secret: Asset, curator) -> None:
    data = texts_form(secret) | {"action-publish": "1", "rights-0-DELETE": "on"}
    response = client_of(curator).post(f"/admin/assets/edit/{secret.pk}/", data)
    secret.refresh_from_db()
    assert (response.status_code, secret.state, Sealing.objects.count(), len(told(response))) == (302, "draft", 0, 1)


def test_with_a_colleague_there_is_no_way_around_review(secret: Asset, curator, colleague) -> None:
    client = client_of(curator)
    client.post(f"/admin/assets/edit/{secret.pk}/", texts_form(secret) | {"action-publish": "1"})
    assert (Sealing.objects.count(), "action-publish" in client.get(f"/admin/assets/edit/{secret.pk}/").content.decode()) == (0, False)


@pytest.fixture
def published(museum, curator, data) -> Asset:
    from tests.cast import digitized
    from tests.cast import publish as publish_now

    asset = digitized(museum, SECRET)
    publish_now(asset)
    return Asset.objects.get(pk=asset.pk)


def test_withdrawal_takes_a_reason_and_a_second_step(published: Asset, curator) -> None:
    client = client_of(curator)
    address = f"/admin/assets/unpublish/{published.pk}/"
    empty = client.post(address, {"reason": "", "confirm": "yes"})
    first = client.post(address, {"reason": "A wrong date"})
    published.refresh_from_db()
    before = published.state
    last = client.post(address, {"reason": "A wrong date", "confirm": "yes"})
    published.refresh_from_db()
    version = published.versions.get()
    assert (empty.status_code, first.status_code, before, last.status_code) == (200, 200, "published", 302)
    assert (published.state, published.live, version.withdrawn_reason) == ("withdrawn", False, "A wrong date")
    assert Entry.objects.filter(kind="version.withdraw").count() == 1


def test_what_is_not_public_cannot_be_withdrawn(secret: Asset, curator) -> None:
    response = client_of(curator).post(f"/admin/assets/unpublish/{secret.pk}/", {"reason": "x", "confirm": "yes"})
    assert (response.status_code, response.headers["Location"], len(told(response))) == (302, f"/admin/assets/edit/{secret.pk}/", 1)


def test_the_editor_offers_withdrawal_only_of_what_is_public(published: Asset, secret: Asset, curator) -> None:
    client = client_of(curator)
    shown = [
        f"/admin/assets/unpublish/{asset.pk}/" in client.get(f"/admin/assets/edit/{asset.pk}/").content.decode()
        for asset in (published, secret)
    ]
    assert shown == [True, False]


def test_what_has_originals_is_never_deleted(published: Asset, secret: Asset, curator, administrator) -> None:
    for user in (curator, administrator):
        for asset in (published, secret):
            response = client_of(user).post(f"/admin/assets/delete/{asset.pk}/")
            assert (response.status_code, len(told(response))) == (302, 1)
    assert Asset.objects.count() == 2


def test_bulk_deletion_spares_them_too(published: Asset, administrator) -> None:
    client = client_of(administrator)
    client.raise_request_exception = False
    client.post(f"/admin/bulk/assets/asset/delete/?id={published.pk}&next=/admin/")
    assert Asset.objects.filter(pk=published.pk).exists()


def test_a_draft_of_words_can_be_deleted(museum, curator) -> None:
    asset = create_asset(institution=museum, user=curator, title="Only words")
    assert client_of(curator).post(f"/admin/assets/delete/{asset.pk}/").status_code == 302
    assert not Asset.objects.filter(pk=asset.pk).exists()


def test_after_withdrawal_it_can_be_published_again(published: Asset, curator) -> None:
    domain.withdraw(asset=published, user=curator, reason="for a while")
    fresh = Asset.objects.get(pk=published.pk)
    client_of(curator).post(f"/admin/assets/edit/{fresh.pk}/", texts_form(fresh) | {"action-publish": "1"})
    fresh.refresh_from_db()
    assert fresh.state == "sealing"


def test_the_preview_of_a_draft_shows_its_own_files(museum, curator, stranger, data) -> None:
    """Never published, so no public address has its picture; the preview takes it from the admin, for its own curators only."""
    from tests.cast import digitized

    asset = digitized(museum, SECRET)
    client = client_of(curator)
    client.post(f"/admin/assets/preview/{asset.pk}/", texts_form(Asset.objects.get(pk=asset.pk)))
    text = client.get(f"/admin/assets/preview/{asset.pk}/?mode=").content.decode()
    picture = asset.files.get().renditions.get(role="thumbnail")
    address = f"/admin/runs/drafts/{asset.pk}/{picture.cid}/thumbnail.webp"
    answers = [client_of(user).get(address).status_code for user in (curator, stranger)]
    assert (SECRET in text, address in text, "/files/" in text, answers) == (True, True, False, [200, 404])

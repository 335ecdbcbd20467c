# SPDX-License-Identifier: Apache-2.0
"""The curator's page of annotations: everything by plain forms, in the own institution only, and what is refused is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assets import domain
from assets.models import Asset, Institution, Pin, User
from cms.admin.forms import UploadForm
from pipelines.models import Run
from tests.annotated import annotate, rescan, settle
from tests.cast import client_of, digitized

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = {"role": "lod-0", "x": "0.2", "y": "0.2", "z": "0", "nx": "0", "ny": "0", "nz": "1"}
WORDS = {"title_zh": "口沿", "body_zh": "", "title_en": "Rim", "body_en": "As thin as an eggshell.", "shown": "on"}


@pytest.fixture
def asset(museum: Institution) -> Asset:
    return digitized(museum)


@pytest.fixture
def client(curator: User) -> Client:
    return client_of(curator)


def post(client: Client, asset: Asset, act: str, key: object = None, **data: Any) -> Any:
    named = [asset.pk] if key is None else [asset.pk, key]
    return client.post(
        reverse(f"annotation_admin:{act}", args=named), {"scan": str(asset.files.first().pk), **data}, headers={"accept-language": "en"}
    )


def page(client: Client, asset: Asset) -> str:
    return client.get(reverse("annotation_admin:page", args=[asset.pk]), headers={"accept-language": "en"}).content.decode()


def notes(asset: Asset) -> list[str]:
    return [row.title_en for row in domain.annotations_of(Asset.objects.get(pk=asset.pk))]


def test_a_place_by_numbers_and_words_make_an_annotation_that_a_run_settles(client: Client, asset: Asset) -> None:
    assert "There are no annotations yet." in page(client, asset)
    assert post(client, asset, "add", **PLACE, **WORDS).status_code == 302
    run, pin = Run.objects.get(recipe="anchors"), Pin.objects.get()
    assert (run.state, pin.state, pin.asked) == (
        "waiting",
        "waiting",
        {"role": "lod-0", "position": [0.2, 0.2, 0.0], "normal": [0.0, 0.0, 1.0]},
    )
    shown = page(client, asset)
    assert ("Rim" in shown, "Being placed" in shown, reverse("run_admin:detail", args=[run.pk]) in shown) == (True, True, True)
    post(client, asset, "add", **{**PLACE, "nx": ""}, **WORDS)
    assert (Run.objects.count(), Pin.objects.latest("made_at").asked["normal"]) == (1, None)


def test_the_page_renews_itself(client: Client, asset: Asset) -> None:
    made = annotate(asset)
    told = client.get(reverse("annotation_admin:state", args=[asset.pk])).json()
    assert (told["open"], list(told["rows"]), json.loads(told["rows"][str(made.key)]["places"])["lod-0"]["position"]) == (
        False,
        [str(made.key)],
        [0.2, 0.2, 0.0],
    )


def test_words_order_place_and_removal(client: Client, asset: Asset) -> None:
    keys = [annotate(asset, title_en=name).key for name in ("One", "Two")]
    post(client, asset, "shift", keys[1], to="front")
    assert notes(asset) == ["Two", "One"]
    post(client, asset, "write", keys[0], **{**WORDS, "title_en": "Written", "shown": ""} | {"shown": "on"})
    post(client, asset, "move", keys[0], **{**PLACE, "x": "0.3"})
    assert (notes(asset), Pin.objects.latest("made_at").asked["position"]) == (["Two", "Written"], [0.3, 0.2, 0.0])
    post(client, asset, "remove", keys[1])
    assert notes(asset) == ["Written"]
    assert post(client, asset, "write", keys[1], **WORDS).status_code == 404


def test_what_is_refused_is_said_and_what_was_written_stays(client: Client, asset: Asset) -> None:
    for wrong, words in (
        ({"x": "left"}, "No place on the model was named."),
        ({"title_zh": "", "title_en": ""}, "The annotation has no title."),
    ):
        answer = post(client, asset, "add", **{**PLACE, **WORDS, **wrong})
        text = answer.content.decode()
        assert (answer.status_code, words in text, "As thin as an eggshell." in text) == (422, True, True)
    assert post(client, asset, "add", **{**PLACE, **WORDS, "scan": "nonsense"}).status_code == 422
    assert Pin.objects.count() == 0


def test_a_newer_scan_is_told_with_its_figures_and_confirmed(client: Client, asset: Asset) -> None:
    kept, gone = annotate(asset, title_en="Kept"), annotate(asset, title_en="Gone")
    later = rescan(asset, asset.files.get())
    Pin.objects.filter(file=later, origin=gone.pin).update(
        state="lost", lost={"code": "anchor.turned", "params": {"turn": "50", "limit": "40"}}
    )
    settle(later)
    shown = page(client, asset)
    assert ("0.12 mm · 2° · 1 %" in shown, "has turned by 50°" in shown, "Carried over" in shown, shown.count("Confirm this place")) == (
        True,
        True,
        True,
        1,
    )
    post(client, asset, "confirm", kept.key)
    assert "Confirm this place" not in page(client, asset)
    assert {row.title_en: row.pin.file_id == later.pk for row in domain.annotations_of(Asset.objects.get(pk=asset.pk))} == {
        "Kept": True,
        "Gone": False,
    }


def test_what_has_no_surface_says_so(client: Client, asset: Asset) -> None:
    asset.files.get().renditions.filter(role="lod-0").update(current=False)
    assert "Nothing of this asset has a surface yet." in page(client, asset)


def test_another_museum_s_curator_finds_nothing(asset: Asset, other_curator: User) -> None:
    made, stranger = annotate(asset), client_of(other_curator)
    own = digitized(other_curator.institution, "己方", content=b"ply\nown\n")
    assert stranger.get(reverse("annotation_admin:page", args=[asset.pk])).status_code == 404
    assert post(stranger, asset, "remove", made.key).status_code == 404
    assert post(stranger, own, "write", made.key, **WORDS).status_code == 404
    assert post(stranger, own, "add", **{**PLACE, **WORDS, "scan": str(asset.files.get().pk)}).status_code == 422
    assert notes(asset) == ["Rim"]


def test_the_upload_form_offers_the_own_newest_scans_and_refuses_one_of_another_asset(
    asset: Asset, curator: User, other_curator: User
) -> None:
    first, own = asset.files.get(), digitized(asset.institution, "别的", content=b"ply\nelse\n")
    digitized(other_curator.institution, "他馆", content=b"ply\nothers\n")
    later = rescan(asset, first)
    data = {"institution": str(asset.institution_id), "asset": str(asset.pk)}
    form = UploadForm({**data, "rescan_of": str(later.pk)}, user=curator)
    assert (form.is_valid(), form.cleaned_data["rescan_of"]) == (True, later)
    assert set(form.fields["rescan_of"].queryset) == {later, own.files.get()}
    for wrong in (first, own.files.get()):
        assert set(UploadForm({**data, "rescan_of": str(wrong.pk)}, user=curator).errors) == {"rescan_of"}

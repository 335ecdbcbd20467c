# SPDX-License-Identifier: Apache-2.0
"""Annotations belong to the draft, are sealed with their places, and outlive database, level and scan, or say that they do not."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.management import call_command

from assets import domain, packages, queries
from assets.audit import as_json, audit
from assets.errors import AssetsError
from assets.models import Annotation, Asset, Pin, User, Version
from assets.rebuild import rebuild
from assets.record import linked
from ledger import sequencer
from tests.annotated import ASKED, WORDS, annotate, rescan, settle
from tests.cast import digitized, publish

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(asset: Asset) -> Asset:
    found: Asset = Asset.objects.get(pk=asset.pk)
    return found


def titles(asset: Asset) -> list[str]:
    return [row.title_en for row in domain.annotations_of(fresh(asset))]


def refusal(**more: object) -> str:
    with pytest.raises(AssetsError) as told:
        domain.annotate(**more)
    return told.value.code


def test_they_are_written_ordered_and_taken_out_of_the_draft(draft_asset: Asset) -> None:
    keys = [annotate(draft_asset, title_en=name).key for name in ("One", "Two", "Three")]
    domain.shift_annotation(asset=draft_asset, user=None, key=keys[2], by=-1)
    assert titles(draft_asset) == ["One", "Three", "Two"]
    domain.shift_annotation(asset=draft_asset, user=None, key=keys[0], by=-1)
    domain.remove_annotation(asset=draft_asset, user=None, key=keys[1])
    domain.describe_annotation(asset=draft_asset, user=None, key=keys[2], texts={**WORDS, "title_en": "Last"})
    assert titles(draft_asset) == ["One", "Last"]
    assert [row.sort_order for row in domain.annotations_of(fresh(draft_asset))] == [1, 2]


def test_a_revision_restores_words_and_place(draft_asset: Asset) -> None:
    made = annotate(draft_asset)
    before = fresh(draft_asset).get_latest_revision()
    domain.move_annotation(asset=draft_asset, user=None, key=made.key, file=made.pin.file, asked={**ASKED, "position": [0.3, 0.3, 0.0]})
    domain.describe_annotation(asset=draft_asset, user=None, key=made.key, texts={**WORDS, "title_en": "Changed"})
    restored = before.as_object().annotations.get()
    assert (restored.key, restored.pin_id, restored.title_en) == (made.key, made.pin_id, "Rim")
    assert domain.annotations_of(fresh(draft_asset))[0].pin_id != made.pin_id


def test_who_may_not_and_what_is_no_annotation(draft_asset: Asset, curator: User, other_curator: User, visitor: User) -> None:
    file = draft_asset.files.get()
    good = {"asset": draft_asset, "user": curator, "file": file, "asked": ASKED, "texts": WORDS}
    assert [refusal(**{**good, "user": user}) for user in (other_curator, visitor)] == ["annotation.forbidden"] * 2
    assert refusal(**{**good, "texts": {"body_en": "No title"}}) == "annotation.no-title"
    assert refusal(**{**good, "texts": {"title_en": "x" * 161}}) == "annotation.too-long"
    strange = digitized(draft_asset.institution, "别的", content=b"ply\nstrange\n").files.get()
    assert refusal(**{**good, "file": strange}) == "annotation.no-surface"
    odd = [None, [], ["a", 1, 2], [1, 2], [float("nan"), 0, 0], [1e300, 0, 0], "123", {"x": 1}]
    assert [refusal(**{**good, "asked": {**ASKED, "position": one}}) for one in odd] == ["annotation.no-place"] * len(odd)
    assert refusal(**{**good, "asked": {**ASKED, "role": "lod-9"}}) == "annotation.no-place"
    with pytest.raises(AssetsError) as told:
        domain.remove_annotation(asset=draft_asset, user=curator, key=uuid4())
    assert told.value.code == "annotation.unknown"
    assert (Pin.objects.count(), Annotation.objects.count()) == (0, 0)


def test_a_locked_draft_is_left_alone(draft_asset: Asset, curator: User, administrator: User) -> None:
    Asset.objects.filter(pk=draft_asset.pk).update(locked=True, locked_by=administrator)
    file = draft_asset.files.get()
    assert refusal(asset=draft_asset, user=curator, file=file, asked=ASKED, texts=WORDS) == "annotation.locked"


def test_the_record_holds_words_and_places_and_public_reads_know_nothing_of_the_draft(published_asset: Asset) -> None:
    made = annotate(published_asset)
    hidden = annotate(published_asset, shown=False, title_en="For us")
    assert queries.published(published_asset.pk).annotations == []
    version = domain.seal(
        sealing_id=domain.request_publish(asset=fresh(published_asset), user=None, revision=fresh(published_asset).get_latest_revision()).pk
    )
    (told,) = version.record["annotations"]
    assert (told["id"], told["state"], told["original"], told["lost"], told["carried"]) == (str(made.key), "placed", 1, None, None)
    assert told["texts"] == {"en": {"title": "Rim", "body": "As thin as an eggshell."}, "zh-hans": {"title": "口沿", "body": "薄如蛋壳。"}}
    assert told["levels"]["lod-0"]["position"] == [0.2, 0.2, 0.0]
    assert told["anchor"]["weights"] == [0.6, 0.2, 0.2]
    assert "For us" not in json.dumps(version.record)
    assert hidden.title_en in titles(published_asset)
    domain.remove_annotation(asset=published_asset, user=None, key=made.key)
    assert queries.published(published_asset.pk).annotations == [told]
    assert [one.asset for one in queries.published_list(text="eggshell thin").items] in ([published_asset.pk], [])
    (target,) = linked(version.record)["@included"]
    assert (target["@id"], target["@type"]) == (f"urn:uuid:{made.key}", "oa:Annotation")


def test_nothing_is_published_while_a_place_is_looked_for(draft_asset: Asset) -> None:
    annotate(draft_asset, settled=False)
    with pytest.raises(AssetsError) as told:
        domain.request_publish(asset=draft_asset, user=None)
    assert (told.value.code, told.value.retryable) == ("publish.pins-waiting", True)
    settle(draft_asset.files.get())
    assert publish(fresh(draft_asset)).record["annotations"][0]["state"] == "placed"


def test_a_level_made_anew_has_no_place_before_it_is_found_there(draft_asset: Asset) -> None:
    annotate(draft_asset)
    Pin.objects.update(levels={"lod-0": {**Pin.objects.get().levels["lod-0"], "cid": "of another run"}})
    assert publish(fresh(draft_asset)).record["annotations"][0]["levels"] == {}


@pytest.mark.parametrize("lost", [False, True])
def test_a_newer_scan_takes_them_over_or_says_that_they_are_lost(draft_asset: Asset, lost: bool) -> None:
    made = annotate(draft_asset)
    publish(fresh(draft_asset))
    later = rescan(draft_asset, draft_asset.files.get())
    settle(later, lost=lost)
    version = publish(fresh(draft_asset))
    (told,) = version.record["annotations"]
    assert [one["rescan_of"] for one in version.record["originals"]] == [None, 1]
    assert (told["id"], told["original"]) == (str(made.key), 2)
    if lost:
        assert (told["state"], told["lost"]["code"], told["anchor"], told["levels"]) == ("lost", "anchor.gone", None, {})
    else:
        assert (told["state"], told["carried"]["from"], told["carried"]["distance"]) == ("carried", 1, 0.00012)
        assert told["carried"]["confirmed"] is False
        domain.confirm_annotation(asset=fresh(draft_asset), user=None, key=made.key)
        assert publish_draft(draft_asset).record["annotations"][0]["carried"]["confirmed"] is True
    public = queries.published(draft_asset.pk)
    assert public.rendition("lod-0")["original"] == 2
    assert [one["original"] for one in public.record["renditions"] if one["role"] == "lod-0"] == [1, 2]


def publish_draft(asset: Asset) -> Version:
    """Publish the newest draft, as the editor does."""
    request = domain.request_publish(asset=fresh(asset), user=None, revision=fresh(asset).get_latest_revision())
    return domain.seal(sealing_id=request.pk)


def test_what_was_lost_is_carried_on_from_the_scan_where_it_last_was(draft_asset: Asset) -> None:
    annotate(draft_asset)
    first = draft_asset.files.get()
    second = rescan(draft_asset, first)
    settle(second, lost=True)
    third = rescan(draft_asset, second, b"ply\nof a third day\n")
    assert Pin.objects.get(file=third).carried_from.file_id == first.pk
    settle(third)
    assert publish(fresh(draft_asset)).record["annotations"][0]["state"] == "carried"


def test_an_old_draft_that_was_never_carried_over_is_lost_not_shown_at_a_guess(draft_asset: Asset) -> None:
    made = annotate(draft_asset)
    later = rescan(draft_asset, draft_asset.files.get())
    settle(later)
    Pin.objects.filter(file=later).delete()
    (told,) = publish(fresh(draft_asset)).record["annotations"]
    assert (told["id"], told["state"], told["original"], told["lost"]["code"]) == (str(made.key), "lost", 2, "anchor.not-carried")
    with pytest.raises(AssetsError) as refused:
        domain.confirm_annotation(asset=fresh(draft_asset), user=None, key=made.key)
    assert refused.value.code == "annotation.not-carried"


def test_a_lost_database_gives_them_back_with_their_places(draft_asset: Asset) -> None:
    annotate(draft_asset)
    annotate(draft_asset, title_en="Second", title_zh="", body_zh="")
    settle(rescan(draft_asset, draft_asset.files.get()))
    before = publish(fresh(draft_asset))
    sequencer.sequence()
    call_command("flush", interactive=False, verbosity=0)
    assert rebuild()["versions"] == 1
    asset = Asset.objects.get()
    assert [(row.title_en, row.pin.state) for row in domain.annotations_of(asset)] == [("Rim", "carried"), ("Second", "carried")]
    assert [file.rescan_of_id is None for file in asset.files.order_by("name")] == [True, False]
    assert as_json(audit())["findings"] == []
    again = publish(asset).record["annotations"]
    kept = [{**one, "carried": {**one["carried"], "confirmed": True}} for one in before.record["annotations"]]
    assert again == kept


def test_a_record_from_before_annotations_is_read_and_rebuilt(published_asset: Asset) -> None:
    version = Version.objects.get()
    old = {name: value for name, value in version.record.items() if name != "annotations"} | {"schema": "qilu.record/1"}
    old["originals"] = [{name: value for name, value in one.items() if name != "rescan_of"} for one in old["originals"]]
    Version.objects.update(record=old)
    public = queries.published(published_asset.pk)
    assert (public.annotations, public.rendition("lod-0")["original"], "@included" in linked(old)) == ([], 1, False)
    assert (packages.path(version.cid) / "data" / "record.json").is_file()


def test_what_is_said_of_places_can_be_searched(draft_asset: Asset) -> None:
    annotate(draft_asset, body_en="A hairline crack near the handle.")
    publish(fresh(draft_asset))
    assert [one.asset for one in queries.published_list(text="hairline").items] == [draft_asset.pk]

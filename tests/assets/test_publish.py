# SPDX-License-Identifier: Apache-2.0
"""Publishing and withdrawing: one package, one CID, one entry."""

from __future__ import annotations

import shutil

import bagit
import pytest
import rfc8785

from assets import domain, packages, queries, search
from assets.domain.publish import _build
from assets.enums import AssetState
from assets.errors import AssetsError
from assets.models import Asset, Sealing, User, Version
from assets.record import compose
from ledger.cid import cid_of_folder
from ledger.models import Entry
from tests.cast import digitized, publish

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_published_package_is_a_valid_bag_named_by_its_cid(published_asset):
    version = published_asset.current_version
    place = packages.path(version.cid)
    assert cid_of_folder(place) == version.cid
    assert bagit.Bag(str(place)).is_valid()
    assert (place / "data" / "record.json").read_bytes() == rfc8785.dumps(version.record)
    assert sorted(line.split()[2] for line in (place / "fetch.txt").read_text().splitlines()) == ["data/originals/01.ply"]


def test_sealing_the_same_version_twice_gives_the_same_cid(published_asset):
    sealing = Sealing.objects.get(asset=published_asset)
    version = Version.objects.get(asset=published_asset)
    shutil.rmtree(packages.path(version.cid))
    assert _build(compose(sealing.revision.as_object(), sealing), sealing) == version.cid
    assert domain.seal(sealing_id=sealing.pk) == version
    assert Version.objects.count() == 1


def test_publishing_writes_version_state_and_entry_together(draft_asset):
    version = publish(draft_asset)
    asset = Asset.objects.get(pk=draft_asset.pk)
    assert (asset.state, asset.live, asset.current_version) == (AssetState.PUBLISHED, True, version)
    entry = Entry.objects.get(pk=version.entry)
    assert (entry.kind, entry.subject_id, entry.digest) == ("version.publish", str(asset.pk), version.cid)


def test_a_second_version_stands_beside_the_first(published_asset):
    domain.set_text(asset=published_asset, language="en", title="Eggshell cup, revised")
    second = publish(Asset.objects.get(pk=published_asset.pk))
    assert second.number == 2
    assert queries.published(published_asset.pk).title("en") == "Eggshell cup, revised"
    assert Version.objects.get(number=1).record["texts"]["en"]["title"] == "Eggshell cup"


def test_another_museums_curator_may_not_publish(draft_asset, other_curator: User):
    with pytest.raises(AssetsError) as refused:
        domain.request_publish(asset=draft_asset, user=other_curator)
    assert refused.value.code == "publish.forbidden"
    assert Sealing.objects.count() == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda asset: asset.rights.all().delete(), "publish.no-rights"),
        (lambda asset: asset.texts.all().update(title=" "), "publish.no-title"),
        (lambda asset: Asset.objects.filter(pk=asset.pk).update(sensitivity="restricted"), "publish.restricted"),
        (lambda asset: Asset.objects.filter(pk=asset.pk).update(sensitivity="community"), "publish.no-consent"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(draft_asset, spoil, code):
    spoil(draft_asset)
    with pytest.raises(AssetsError) as refused:
        domain.request_publish(asset=Asset.objects.get(pk=draft_asset.pk), user=None)
    assert refused.value.code == code
    assert (Sealing.objects.count(), Version.objects.count()) == (0, 0)


def test_rights_are_checked_again_when_the_package_stands(draft_asset):
    sealing = domain.request_publish(asset=draft_asset, user=None)
    content = sealing.revision.content
    content["sensitivity"] = "restricted"
    sealing.revision.save()
    with pytest.raises(AssetsError) as refused:
        domain.seal(sealing_id=sealing.pk)
    assert refused.value.code == "publish.restricted"
    assert Asset.objects.get(pk=draft_asset.pk).state == AssetState.DRAFT
    assert Entry.objects.filter(kind="version.publish").count() == 0


def test_withdrawing_takes_it_from_the_public_and_keeps_the_package(published_asset, curator: User):
    version = domain.withdraw(asset=published_asset, user=curator, reason="a wrong attribution")
    assert packages.path(version.cid).is_dir()
    assert queries.published(published_asset.pk).withdrawn
    assert queries.published_list().total == 0
    assert queries.public_file(version.record["renditions"][0]["cid"]) is None
    assert [entry.kind for entry in Entry.objects.order_by("pk")][-1] == "version.withdraw"


def test_nothing_published_can_be_deleted(published_asset):
    with pytest.raises(AssetsError) as refused:
        published_asset.delete()
    assert refused.value.code == "asset.not-deletable"


def test_two_character_words_find_and_facets_count(published_asset, institution):
    publish(digitized(institution, "汉画像石", content=b"ply\nthird\n"))
    assert [one.title("zh-hans") for one in queries.published_list(text="黑陶").items] == ["蛋壳黑陶杯"]
    assert queries.published_list(text="陶黑").total == 0
    listing = queries.published_list(region="rizhao")
    assert (listing.total, listing.facets["kind"], listing.facets["region"]) == (2, {"object": 2}, {"rizhao": 2})
    assert queries.published_list(text="eggshell LONGSHAN").total == 2
    assert search.rebuild() == 2
    assert queries.published_list(text="画像").total == 1


def test_the_generation_changes_with_the_public_catalogue(draft_asset):
    before = queries.generation()
    publish(draft_asset)
    assert queries.generation() != before

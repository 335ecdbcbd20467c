# SPDX-License-Identifier: Apache-2.0
import dataclasses
import re

import edtf
import pytest

from assets.enums import AssetKind, PlaceKind, RightsBasis, Role, Sensitivity
from assets.models import Annotation, Asset, AssetText, Institution, Place, Rights
from cms.demo import institutions, originals, places, records, users
from guide.outline import BORDER, COAST
from marketplace.enums import Medium, Territory, Use
from marketplace.models import Offer

EACH = pytest.mark.parametrize("record", records.RECORDS, ids=lambda record: record.key)
OUTLINE = (*COAST, *BORDER)


def columns(model: type) -> dict[str, int | None]:
    return {field.name: getattr(field, "max_length", None) for field in model._meta.get_fields()}


def fits(row: object, model: type, *, but: tuple[str, ...] = ()) -> None:
    known = columns(model)
    for name, value in dataclasses.asdict(row).items():
        if name in but:
            continue
        assert name in known
        if isinstance(value, str) and known[name] is not None:
            assert len(value) <= known[name]


def test_the_demo_has_six_assets_and_uses_every_original_once() -> None:
    assert [record.key for record in records.RECORDS] == ["cup", "ding", "relief", "tile", "papercut", "dance"]
    assert sorted(name for record in records.RECORDS for name in record.originals) == sorted(originals.NAMES)
    assert len({record.accession_number for record in records.RECORDS}) == 6


@EACH
def test_a_record_is_complete_in_both_languages(record: records.Record) -> None:
    assert set(record.texts) == {"zh-hans", "en"}
    for text in record.texts.values():
        assert all(dataclasses.asdict(text).values())
        fits(text, AssetText)


@EACH
def test_a_story_has_its_length_and_says_that_it_is_synthetic(record: records.Record) -> None:
    chinese, english = record.texts["zh-hans"].story, record.texts["en"].story
    assert 80 <= len(re.findall(r"[一-鿿]", chinese)) <= 160
    assert 60 <= len(english.split()) <= 110
    assert chinese.count("合成示例") == 1
    assert english.count("synthetic example") == 1


@EACH
def test_a_record_fits_the_catalogue(record: records.Record) -> None:
    fits(record, Asset, but=("key", "originals", "texts", "rights", "offers", "notes"))
    for note in record.notes:
        fits(note, Annotation, but=("position", "normal"))
        assert all(dataclasses.asdict(note).values())
    fits(record.rights, Rights)
    assert record.kind in AssetKind.values
    assert record.sensitivity in Sensitivity.values
    assert record.rights.basis in RightsBasis.values
    assert record.place in {place.slug for place in places.PLACES}
    assert record.institution in {museum.slug for museum in institutions.INSTITUTIONS}


@EACH
def test_the_date_agrees_with_its_years(record: records.Record) -> None:
    parsed = edtf.parse_edtf(record.date_edtf)
    assert (parsed.lower_strict().tm_year, parsed.upper_strict().tm_year) == (record.date_earliest, record.date_latest)


@EACH
def test_offers_are_known_uses_whose_shares_sum(record: records.Record) -> None:
    assert record.offers
    for offer in record.offers:
        fits(offer, Offer)
        assert offer.use in Use.values
        assert offer.medium in Medium.values
        assert offer.territory in Territory.values
        assert offer.holder_bp + offer.bearers_bp + offer.platform_bp == 10_000
        assert offer.price_fen > 0


def inside(longitude: float, latitude: float) -> bool:
    odd = False
    for (x, y), (u, v) in zip(OUTLINE, (*OUTLINE[1:], OUTLINE[0]), strict=True):
        if (y > latitude) != (v > latitude) and longitude < x + (latitude - y) / (v - y) * (u - x):
            odd = not odd
    return odd


def test_seven_regions_and_their_sites_name_their_datum() -> None:
    assert [place.name_zh for place in places.REGIONS] == ["烟台", "泰安", "日照", "曲阜", "崂山", "青州", "台儿庄"]
    assert {place.kind for place in places.PLACES} == {PlaceKind.REGION, PlaceKind.SITE}
    assert {(place.datum, place.precision) for place in places.PLACES} == {("WGS-84", "approximate")}
    assert len({place.slug for place in places.PLACES}) == len(places.PLACES)
    for region in places.REGIONS:
        assert 2 <= sum(site.parent == region.slug for site in places.SITES) <= 3


@pytest.mark.parametrize("place", places.PLACES, ids=lambda place: place.slug)
def test_a_place_is_described_and_lies_in_the_province(place: places.Place) -> None:
    fits(place, Place)
    assert all((place.name_zh, place.name_en, place.note_zh, place.note_en))
    assert inside(place.longitude, place.latitude)


@pytest.mark.parametrize("site", places.SITES, ids=lambda site: site.slug)
def test_a_site_lies_near_its_region(site: places.Place) -> None:
    region = next(place for place in places.REGIONS if place.slug == site.parent)
    assert abs(site.latitude - region.latitude) < 0.45
    assert abs(site.longitude - region.longitude) < 0.75


def test_institutions_say_that_they_are_examples() -> None:
    for museum in institutions.INSTITUTIONS:
        fits(museum, Institution)
        assert museum.name_zh.startswith("示例")
        assert museum.name_en.startswith("Demo")
        assert museum.place in {place.slug for place in places.REGIONS}


def test_every_role_and_every_institution_has_a_user() -> None:
    assert {user.role for user in users.USERS} == set(Role.values) - {Role.VISITOR}
    assert [user.institution for user in users.USERS if user.role == "curator"] == [museum.slug for museum in institutions.INSTITUTIONS]
    assert len({user.name for user in users.USERS}) == len(users.USERS) == 5


def test_users_get_the_passwords_that_the_caller_chose() -> None:
    chosen = {user.name: f"word for {user.name}" for user in users.USERS}
    assert {user.name: password for user, password in users.with_passwords(chosen)} == chosen
    with pytest.raises(KeyError, match="creator"):
        users.with_passwords({"administrator": "a", "curator-rizhao": "b", "curator-qingzhou": "c"})

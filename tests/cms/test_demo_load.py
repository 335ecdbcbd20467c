# SPDX-License-Identifier: Apache-2.0
"""The demo comes into the catalogue by the verbs, and only once."""

from __future__ import annotations

import json
import stat

import pytest

from assets.models import Asset, Institution, Place, User
from cms.demo import load
from cms.demo.institutions import INSTITUTIONS
from cms.demo.places import PLACES
from cms.demo.records import EN, PAPERCUT, RECORDS, ZH
from cms.demo.users import USERS


@pytest.fixture
def ground(db: None) -> None:
    load.passwords_file().unlink(missing_ok=True)
    load.places_and_institutions()


def test_places_and_institutions_come_once(ground: None) -> None:
    load.places_and_institutions()
    assert Place.objects.count() == len(PLACES)
    assert {one.slug: one.place.slug for one in Institution.objects.all()} == {one.slug: one.place for one in INSTITUTIONS}
    assert {place.slug: place.region.slug for place in Place.objects.filter(slug__in=("donghaiyu", "rizhao"))} == {
        "donghaiyu": "rizhao",
        "rizhao": "rizhao",
    }


def test_users_keep_their_random_passwords(ground: None) -> None:
    first, second = load.users(), load.users()
    assert first == second
    assert [(one["name"], one["role"], one["institution"]) for one in first] == [(one.name, one.role, one.institution) for one in USERS]
    assert len({one["password"] for one in first}) == len(USERS)
    assert all(User.objects.get(username=one["name"]).check_password(one["password"] or "") for one in first)
    assert {user.username for user in User.objects.filter(is_superuser=True)} == {"administrator"}


def test_passwords_are_for_their_owner_only(ground: None) -> None:
    told = load.users()
    assert stat.S_IMODE(load.passwords_file().stat().st_mode) == 0o600
    assert json.loads(load.passwords_file().read_text()) == {one["name"]: one["password"] for one in told}


def test_lost_passwords_are_made_anew(ground: None) -> None:
    before = load.users()
    load.passwords_file().unlink()
    after = load.users()
    assert [one["password"] for one in before] != [one["password"] for one in after]
    assert all(User.objects.get(username=one["name"]).check_password(one["password"] or "") for one in after)


def test_everything_is_missing_at_first(ground: None) -> None:
    assert load.missing() == list(RECORDS)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_practice_is_published_with_both_originals_and_its_offers(transactional_db: None) -> None:
    load.places_and_institutions()
    first = load.load(PAPERCUT)
    second = load.load(PAPERCUT)
    assert (Asset.objects.count(), first.pk, first.current_version_id) == (1, second.pk, second.current_version_id)
    assert load.is_loaded(PAPERCUT)
    record = first.current_version.record
    assert [one["kind"] for one in record["originals"]] == ["image", "sound"]
    assert (record["synthetic"], record["place"]["slug"], record["accession_number"]) == (True, PAPERCUT.place, PAPERCUT.accession_number)
    assert {language: record["texts"][language]["title"] for language in (ZH, EN)} == {
        language: PAPERCUT.texts[language].title for language in (ZH, EN)
    }
    assert [offer.price_fen for offer in first.offers.all()] == sorted(one.price_fen for one in PAPERCUT.offers)

# SPDX-License-Identifier: Apache-2.0
"""Bring the demo's places, institutions, users and assets into the catalogue, by the verbs that everybody else uses. Calling it again changes nothing."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from assets import domain as catalogue
from assets import search
from assets.enums import Role
from assets.errors import AssetsError
from assets.models import Asset, File, Institution, Place, User
from cms.demo.institutions import INSTITUTIONS
from cms.demo.originals import make
from cms.demo.places import PLACES
from cms.demo.records import METHOD, RECORDS, ZH, Record
from cms.demo.users import USERS
from digitize.runner import Event
from ledger import sequencer
from marketplace.domain import create_offer
from pipelines.domain import pin_annotation, retry
from pipelines.enums import RunState
from pipelines.ingest import Wish, ingest, settle
from pipelines.models import Run

Listener = Callable[[Event], None]


def places_and_institutions() -> None:
    """Write the regions, their sites and the example institutions where they are missing."""
    known = {place.slug: place for place in Place.objects.all()}
    for one in PLACES:
        columns = {**asdict(one), "parent": known[one.parent] if one.parent else None}
        known[one.slug] = known.get(one.slug) or Place.objects.create(**columns)
    for museum in INSTITUTIONS:
        columns = {**asdict(museum), "place": known[museum.place]}
        Institution.objects.get_or_create(slug=museum.slug, defaults=columns)


def passwords_file() -> Path:
    """Give the file that keeps the demo users' passwords; only its owner may read it."""
    place: Path = settings.DATA_DIR / "demo-users.json"
    return place


def users() -> list[dict[str, str | None]]:
    """Write the demo's users where they are missing; give names, passwords, roles and institutions.

    A password is random, made at the first start of this data folder and kept in `demo-users.json`.
    """
    kept: dict[str, str] = json.loads(passwords_file().read_text()) if passwords_file().exists() else {}
    passwords = {one.name: kept.get(one.name) or secrets.token_urlsafe(12) for one in USERS}
    if passwords != kept:
        _keep_passwords(passwords)
    for one in USERS:
        user = User.objects.filter(username=one.name).first()
        if user is None or one.name not in kept:
            _write_user(user or User(username=one.name), one.role, one.display_zh, one.institution, passwords[one.name])
    return [{"name": one.name, "password": passwords[one.name], "role": one.role, "institution": one.institution} for one in USERS]


def _keep_passwords(passwords: dict[str, str]) -> None:
    """Write the passwords so that nobody else can read them, not even for a moment."""
    fresh = passwords_file().with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(passwords, file, indent=1)
    fresh.replace(passwords_file())


def _write_user(user: User, role: str, name: str, institution: str | None, password: str) -> None:
    """Write one user with its role, institution and password."""
    user.role, user.first_name = role, name
    user.is_superuser = user.is_staff = role == Role.ADMINISTRATOR
    user.institution = Institution.objects.get(slug=institution) if institution else None
    user.set_password(password)
    user.save()


def find(record: Record) -> Asset | None:
    """Give the asset of a record, where an earlier start made it."""
    found: Asset | None = Asset.objects.filter(institution__slug=record.institution, accession_number=record.accession_number).first()
    return found


def is_loaded(record: Record) -> bool:
    """Tell whether a record is published with its offers."""
    asset = find(record)
    return asset is not None and asset.current_version_id is not None and asset.offers.count() >= len(record.offers)


def missing() -> list[Record]:
    """List the records that are not loaded yet."""
    return [record for record in RECORDS if not is_loaded(record)]


def load(record: Record, listen: Listener | None = None) -> Asset:
    """Make a record's originals, digitize, describe, publish and offer them; what an interrupted start left is taken up.

    Raises
    ------
    AssetsError, digitize.errors.DigitizeError
        What the verbs refuse.
    """
    folder = settings.DATA_DIR / "demo" / record.key
    for name in record.originals:
        _take_in(record, make(name, folder), listen)
    shutil.rmtree(folder, ignore_errors=True)
    asset = find(record)
    assert asset is not None
    _annotate(asset, record)
    if asset.current_version_id is None:
        sealing = catalogue.request_publish(asset=asset, user=None)
        catalogue.seal(sealing_id=sealing.pk)
        search.refresh()
    _offer(asset, record)
    sequencer.sequence()
    return Asset.objects.get(pk=asset.pk)


def _take_in(record: Record, path: Path, listen: Listener | None) -> None:
    """Digitize one original of a record; one that is there and done stays as it is."""
    asset = find(record)
    if asset is not None:
        _describe(asset, record)
        _try_again(asset)
    try:
        wish = Wish(
            path=path,
            institution=Institution.objects.get(slug=record.institution),
            title=record.texts[ZH].title,
            asset=asset,
            fields=_columns(record),
            describe=lambda made: _describe(made, record),
        )
        ingest(wish, listen=listen)
    except AssetsError as refusal:
        if refusal.code != "duplicate" or asset is None or refusal.extra.get("asset") != str(asset.pk):
            raise


def _try_again(asset: Asset) -> None:
    """Put runs that failed in an earlier start back to waiting."""
    for run in Run.objects.filter(file__in=File.objects.filter(asset=asset), state__in=(RunState.FAILED, RunState.REFUSED)):
        retry(run=run)


def _columns(record: Record) -> dict[str, Any]:  # the values are the columns' own types
    """Give the asset's columns as the record states them."""
    names = ("kind", "accession_number", "date_edtf", "date_earliest", "date_latest", "sensitivity", "synthetic")
    return {**{name: getattr(record, name) for name in names}, "place": Place.objects.get(slug=record.place)}


def _describe(asset: Asset, record: Record) -> None:
    """Write a record's texts and rights."""
    for language, text in record.texts.items():
        catalogue.set_text(asset=asset, language=language, method=METHOD, **asdict(text))
    catalogue.set_rights(asset=asset, **asdict(record.rights))


def _annotate(asset: Asset, record: Record) -> None:
    """Hang a record's annotations on its model, as a curator would, and have their places settled."""
    if not record.notes:
        return
    file = asset.files.earliest("received_at")
    if not catalogue.annotations_of(asset):
        for note in record.notes:
            asked = {"role": "lod-0", "position": list(note.position), "normal": list(note.normal)}
            pin_annotation(asset=asset, user=None, file=file, asked=asked, texts=asdict(note))
    settle(file)


def _offer(asset: Asset, record: Record) -> None:
    """Write a record's offers."""
    for one in record.offers:
        create_offer(
            asset=asset,
            use=one.use,
            medium=one.medium,
            territory=one.territory,
            term_months=one.term_months,
            price_fen=one.price_fen,
            terms={"zh-hans": one.terms_zh, "en": one.terms_en},
            shares={"holder": one.holder_bp, "bearers": one.bearers_bp, "platform": one.platform_bp},
        )

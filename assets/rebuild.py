# SPDX-License-Identifier: Apache-2.0
"""Bring the published catalogue back from the log's files and the sealed packages, for an installation that has lost its database.

Drafts, accounts, orders, salts and private bodies are in the database's backup only.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets import generation, packages, search, stores
from assets.enums import AssetState, PlaceKind
from assets.errors import AssetsError
from assets.models import Annotation, Asset, AssetText, File, Institution, Pin, Place, Rendition, Rights, Version
from ledger import sequencer
from ledger.cid import cid_of_folder
from ledger.models import Entry
from ledger.restore import restore_from_files

Record = dict[str, Any]
SHORT = {"zh-hans": "zh", "en": "en"}


def rebuild() -> dict[str, int]:
    """Restore entries, then every version that the database lacks, then the search index; give how many of each.

    Who: the operator. Writes: Entry, Institution, Place, Asset with texts, rights and annotations, File, Rendition, Version. Event: ``log.restore``.

    Raises
    ------
    AssetsError
        ``package.missing`` or ``package.differs``.
    ledger.errors.LedgerError
        Where the log's files contradict themselves or the database.
    """
    entries = restore_from_files()
    published = Entry.objects.filter(kind="version.publish", index__isnull=False).order_by("index")
    versions = sum(_restore(entry) for entry in published)
    for entry in Entry.objects.filter(kind="version.withdraw", index__isnull=False).order_by("index"):
        _withdraw(entry)
    sequencer.sequence()  # numbers `log.restore`, so that the audit knows which private bodies are lost for good
    generation.advance()
    return {"entries": entries, "versions": versions, "indexed": search.rebuild()}


def _restore(entry: Entry) -> bool:
    """Bring one version back from its package; False where it is there."""
    if Version.objects.filter(entry=entry.pk).exists():
        return False
    place = packages.path(entry.digest)
    if cid_of_folder(place) != entry.digest:
        raise AssetsError(
            "package.differs", _("The package %(cid)s is not what the log says.") % {"cid": entry.digest}, _("Restore it from a copy.")
        )
    record = json.loads((place / "data" / "record.json").read_bytes())
    for one in (*record["originals"], *record["renditions"]):
        if not stores.default().has(one["cid"]):
            stores.default().put(place / "data" / one["path"])
    with transaction.atomic():
        _write(record, entry)
    return True


def _write(record: Record, entry: Entry) -> None:
    """Write the rows that a record implies."""
    asset = _asset(record)
    sealed_at = _time(record["sealed_at"])
    files = [_file(asset, one, sealed_at) for one in record["originals"]]
    Rendition.objects.filter(file__asset=asset).update(current=False)
    Rendition.objects.bulk_create([_rendition(files[one["original"] - 1], one, sealed_at) for one in record["renditions"]])
    _annotate(asset, record, files)
    version = Version.objects.create(
        id=record["version"], asset=asset, number=record["number"], cid=entry.digest, record=record, sealed_at=sealed_at, entry=entry.pk
    )
    revision = asset.save_revision()
    Asset.objects.filter(pk=asset.pk).update(
        state=AssetState.PUBLISHED,
        live=True,
        live_revision=revision,
        current_version=version,
        has_unpublished_changes=False,
        last_published_at=entry.time,
        first_published_at=asset.first_published_at or entry.time,
    )


def _asset(record: Record) -> Asset:
    """Describe the asset as the record does."""
    asset, _made = Asset.objects.update_or_create(
        pk=record["asset"],
        defaults={
            "institution": _institution(record["institution"]),
            "place": _place(record["place"]) if record["place"] else None,
            "date_edtf": record["date"]["edtf"],
            "date_earliest": record["date"]["earliest"],
            "date_latest": record["date"]["latest"],
            **{name: record[name] for name in ("kind", "accession_number", "synthetic", "sensitivity")},
        },
    )
    for language, text in record["texts"].items():
        AssetText.objects.update_or_create(asset=asset, language=language, defaults=text)
    rights = record["rights"]
    holder = {"holder_zh": rights["holder"]["zh-hans"], "holder_en": rights["holder"]["en"]}
    Rights.objects.update_or_create(
        asset=asset, defaults={**holder, "basis": rights["basis"], "statement": rights["statement"], "note": rights["note"]}
    )
    found: Asset = Asset.objects.get(pk=asset.pk)
    return found


def _institution(told: Record) -> Institution:
    """Find or make the institution."""
    names = {"slug": told["slug"], "name_zh": told["name"]["zh-hans"], "name_en": told["name"]["en"]}
    institution, _made = Institution.objects.get_or_create(pk=told["id"], defaults=names)
    return institution


def _place(told: Record, parent: Place | None = None) -> Place:
    """Find or make a place and the region it lies in."""
    region = told.get("region")
    if region and region["slug"] != told["slug"]:
        parent = _place(region)
    place, _made = Place.objects.get_or_create(
        slug=told["slug"],
        defaults={
            "kind": told.get("kind", PlaceKind.REGION),
            "parent": parent,
            "name_zh": told["name"]["zh-hans"],
            "name_en": told["name"]["en"],
            **{name: told[name] for name in ("latitude", "longitude", "datum", "precision")},
        },
    )
    return place


def _file(asset: Asset, told: Record, when: datetime) -> File:
    """Find or make the row of an original; when it was received stands in its entry."""
    received = Entry.objects.filter(kind="ingest.receive", subject_id=str(asset.pk), digest=told["cid"]).first()
    ran = Entry.objects.filter(kind="process.run", subject_id=str(asset.pk), digest=told["cid"]).order_by("-time").first()
    columns = {name: told[name] for name in ("name", "kind", "format", "media_type", "sha256", "bytes")}
    file, _made = File.objects.get_or_create(
        institution=asset.institution,
        cid=told["cid"],
        defaults={
            "id": received.facts["file"] if received else uuid.uuid4(),
            "asset": asset,
            "declared": ran.facts.get("declared", {}) if ran else {},
            "received_at": received.time if received else when,
            **columns,
        },
    )
    return file


def _rendition(file: File, told: Record, when: datetime) -> Rendition:
    """Make the row of a derivative."""
    columns = {name: told[name] for name in ("role", "media_type", "cid", "sha256", "bytes", "triangles", "error", "facts")}
    return Rendition(file=file, made_at=when, **columns)


def _annotate(asset: Asset, record: Record, files: list[File]) -> None:
    """Write the annotations of a record in place of those of an earlier one; records before the second schema have none."""
    for file, told in zip(files, record["originals"], strict=True):
        earlier = told.get("rescan_of")
        File.objects.filter(pk=file.pk).update(rescan_of=files[earlier - 1] if earlier else None)
    cids = {(one["original"], one["role"]): one["cid"] for one in record["renditions"]}
    Annotation.objects.filter(asset=asset).delete()
    for order, one in enumerate(record.get("annotations", []), 1):
        number = one["original"]
        columns = {name: one[name] for name in ("state", "anchor", "carried", "lost")}
        levels = {role: {"cid": cids[number, role], **place} for role, place in one["levels"].items()}
        pin = Pin.objects.create(file=files[number - 1], levels=levels, **columns)
        words = {f"{name}_{short}": text[name] for code, short in SHORT.items() if (text := one["texts"].get(code)) for name in text}
        Annotation.objects.create(asset=asset, key=one["id"], sort_order=order, pin=pin, **words)


def _withdraw(entry: Entry) -> None:
    """Repeat a withdrawal that the log tells of."""
    version = Version.objects.filter(pk=entry.facts["version"], withdrawn_at=None).first()
    if version is None:
        return
    Version.objects.filter(pk=version.pk).update(withdrawn_at=entry.time)
    withdrawn = Asset.objects.filter(pk=version.asset_id, current_version=version)
    withdrawn.update(state=AssetState.WITHDRAWN, live=False, live_revision=None, has_unpublished_changes=True)


def _time(text: str) -> datetime:
    """Read a record's time."""
    return datetime.fromisoformat(text).astimezone(UTC)

# SPDX-License-Identifier: Apache-2.0
"""`record.json`: what a package says about its asset, in a schema of its own; a rebuild reads it, public pages read nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assets.media import ending
from assets.models import Asset, AssetText, File, Place, Rendition, Sealing

SCHEMA = "qilu.record/2"
RESERVED = frozenset({"preservation", "print-stl", "print-3mf"})
"""Roles that stand in for the original: whoever may not have that may not have these."""


def reserved(record: dict[str, Any]) -> dict[str, str]:
    """Give path to CID of the files that not everyone may have: originals, and what stands in for them."""
    held = [*record["originals"], *(one for one in record["renditions"] if one["role"] in RESERVED)]
    return {one["path"]: one["cid"] for one in held}


def compose(asset: Asset, sealing: Sealing) -> dict[str, Any]:
    """Compose the record of one sealing from the revision's asset.

    Parameters
    ----------
    asset
        The asset as its revision describes it.
    sealing
        The request, which fixes number, date and derivatives.
    """
    renditions, files = contents(sealing)
    order = {file.pk: number for number, file in enumerate(files, 1)}
    return {
        "schema": SCHEMA,
        "asset": str(asset.pk),
        "version": str(sealing.pk),
        "number": sealing.number,
        "sealed_at": sealing.requested_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "institution": {"id": str(asset.institution_id), "slug": asset.institution.slug, "name": _names(asset.institution)},
        "kind": asset.kind,
        "accession_number": asset.accession_number,
        "synthetic": asset.synthetic,
        "sensitivity": asset.sensitivity,
        "place": _place(asset.place) if asset.place else None,
        "date": {"edtf": asset.date_edtf, "earliest": asset.date_earliest, "latest": asset.date_latest},
        "texts": {text.language: _text(text) for text in sorted(asset.texts.all(), key=lambda text: text.language)},
        "rights": _rights(asset),
        "originals": [
            {**_original(file, number, renditions), "rescan_of": order.get(file.rescan_of_id) if file.rescan_of_id else None}
            for number, file in enumerate(files, 1)
        ],
        "renditions": [_rendition(rendition, order[rendition.file_id]) for rendition in renditions],
        "annotations": sealing.annotations,
    }


def contents(sealing: Sealing) -> tuple[list[Rendition], list[File]]:
    """Give the derivatives that a sealing fixes, and their originals in the order of their numbers."""
    renditions = list(sealing.renditions.select_related("file").order_by("file__received_at", "file_id", "role"))
    return renditions, list({rendition.file_id: rendition.file for rendition in renditions}.values())


def _names(named: Any) -> dict[str, str]:  # Institution or Place: both carry name_zh and name_en
    """Give a name in both languages."""
    return {"zh-hans": named.name_zh, "en": named.name_en}


def _place(place: Place) -> dict[str, Any]:
    """Describe the place of origin with its datum."""
    return {**_position(place), "kind": place.kind, "region": _position(place.region)}


def _position(place: Place) -> dict[str, Any]:
    """Name a place and say where it is."""
    return {
        "slug": place.slug,
        "name": _names(place),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "datum": place.datum,
        "precision": place.precision,
    }


def _text(text: AssetText) -> dict[str, str]:
    """Describe the asset in one language."""
    names = ("title", "culture", "date_label", "materials", "dimensions", "story", "picture_alt", "method")
    return {name: getattr(text, name) for name in names}


def _rights(asset: Asset) -> dict[str, Any] | None:
    """Say who holds the rights and what everyone may do."""
    rights = asset.rights.first()
    if rights is None:
        return None
    return {
        "holder": {"zh-hans": rights.holder_zh, "en": rights.holder_en},
        "basis": rights.basis,
        "statement": rights.statement,
        "note": rights.note,
    }


def _original(file: File, number: int, renditions: Iterable[Rendition]) -> dict[str, Any]:
    """Describe one original; its facts are those its report states."""
    report = next((one for one in renditions if one.file_id == file.pk and one.role == "report"), None)
    return {
        "path": f"originals/{number:02d}.{ending(file.media_type)}",
        "name": file.name,
        "kind": file.kind,
        "format": file.format,
        "media_type": file.media_type,
        "cid": file.cid,
        "sha256": file.sha256,
        "bytes": file.bytes,
        "facts": report.facts if report else {},
    }


def _rendition(rendition: Rendition, number: int) -> dict[str, Any]:
    """Describe one derivative and its measured error."""
    return {
        "original": number,
        "role": rendition.role,
        "media_type": rendition.media_type,
        "path": f"renditions/{number:02d}-{rendition.role}.{ending(rendition.media_type)}",
        "cid": rendition.cid,
        "sha256": rendition.sha256,
        "bytes": rendition.bytes,
        "triangles": rendition.triangles,
        "error": rendition.error,
        "facts": rendition.facts,
    }


def linked(record: dict[str, Any]) -> dict[str, Any]:
    """Derive JSON-LD from a record: schema.org terms, the context inside, nothing to fetch."""
    texts, notes = record["texts"], [_linked_note(record, one) for one in record.get("annotations", [])]
    return {
        "@context": {"@vocab": "https://schema.org/", "sha256": "https://schema.org/sha256", **(WEB_ANNOTATION if notes else {})},
        "@id": f"urn:uuid:{record['asset']}",
        "@type": "CreativeWork",
        "name": [{"@language": language, "@value": text["title"]} for language, text in texts.items()],
        "description": [{"@language": language, "@value": text["story"]} for language, text in texts.items() if text["story"]],
        "identifier": record["accession_number"] or record["asset"],
        "version": record["number"],
        "dateModified": record["sealed_at"],
        "license": record["rights"]["statement"],
        "copyrightHolder": {"@type": "Organization", "name": record["rights"]["holder"]["en"]},
        "locationCreated": _linked_place(record["place"]),
        "encoding": [
            {"@type": "MediaObject", "contentUrl": one["path"], "encodingFormat": one["media_type"], "sha256": one["sha256"]}
            for one in record["renditions"]
        ],
        **({"@included": notes} if notes else {}),
    }


WEB_ANNOTATION = {"oa": "http://www.w3.org/ns/oa#", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}


def _linked_note(record: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    """Say an annotation in terms of the Web Annotation vocabulary; its place is a fragment of the finest model, in that file's frame.

    Source: W3C, "Web Annotation Vocabulary", 2017.
    """
    place = one["levels"].get("lod-0", {})
    model = next((it for it in record["renditions"] if (it["original"], it["role"]) == (one["original"], "lod-0")), None)
    selector = {}
    if model and "position" in place:
        where = "&".join(f"{name}={','.join(f'{part:.6g}' for part in place[name])}" for name in ("position", "normal"))
        selector = {"oa:hasSelector": {"@type": "oa:FragmentSelector", "rdf:value": where}, "oa:hasSource": {"@id": model["path"]}}
    said = {language: " – ".join(filter(None, (text["title"], text["body"]))) for language, text in one["texts"].items()}
    return {
        "@id": f"urn:uuid:{one['id']}",
        "@type": "oa:Annotation",
        "oa:motivatedBy": {"@id": "oa:describing"},
        "oa:hasBody": [{"@type": "oa:TextualBody", "rdf:value": {"@language": name, "@value": text}} for name, text in said.items()],
        "oa:hasTarget": {"@type": "oa:SpecificResource", "oa:hasSource": {"@id": f"urn:uuid:{record['asset']}"}, **selector},
    }


def _linked_place(place: dict[str, Any] | None) -> dict[str, Any] | None:
    """Say where in JSON-LD."""
    if place is None:
        return None
    geo = {"@type": "GeoCoordinates", "latitude": place["latitude"], "longitude": place["longitude"]}
    return {"@type": "Place", "name": place["name"]["en"], "geo": geo}

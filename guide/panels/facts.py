# SPDX-License-Identifier: Apache-2.0
"""The facts beside the story."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import pgettext

from assets.queries import Published


@dataclass(frozen=True)
class Fact:
    """A label, its value in a language, and where it leads."""

    label: str
    value: str
    language: str
    url: str = ""


def _texts(published: Published, language: str) -> list[Fact]:
    """Give what the record says in words."""
    texts, spoken = published.texts(language), published.language(language)
    pairs = (
        (pgettext("fact", "Date"), texts["date_label"]),
        (pgettext("fact", "Culture"), texts["culture"]),
        (pgettext("fact", "Materials"), texts["materials"]),
        (pgettext("fact", "Dimensions"), texts["dimensions"]),
    )
    return [Fact(label, value, spoken) for label, value in pairs if value]


def _place(published: Published, language: str) -> list[Fact]:
    """Say where it is from; the region's page is behind it."""
    place, region = published.record["place"], published.region
    if place is None or region is None:
        return []
    name = place["name"][language]
    if place["slug"] != region["slug"]:
        name = f"{name} · {region['name'][language]}"
    return [Fact(pgettext("fact", "Place"), name, language, reverse("guide:region", kwargs={"slug": region["slug"]}))]


def _rights(published: Published, language: str) -> list[Fact]:
    """Say who holds the rights, and under which statement."""
    rights = published.record["rights"]
    return [Fact(pgettext("fact", "Rights"), rights["holder"][language], language, rights["statement"])] if rights else []


def facts(published: Published, language: str) -> list[Fact]:
    """List the facts of a published asset, what is unknown left out."""
    record = published.record
    number = [Fact(pgettext("fact", "Accession number"), record["accession_number"], language)] if record["accession_number"] else []
    holder = Fact(pgettext("fact", "Kept by"), record["institution"]["name"][language], language)
    return [*_texts(published, language), *_place(published, language), *number, holder, *_rights(published, language)]

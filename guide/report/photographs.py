# SPDX-License-Identifier: Apache-2.0
"""What is said of a set of photographs: whether it will do, what to take again, what is missing around the object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from digitize.messages import phrase

PICTURES = ("camera-plan", "contact-sheet")


@dataclass(frozen=True)
class Advice:
    """What is wrong, and what to do."""

    text: str
    mend: str


@dataclass(frozen=True)
class Photograph:
    """One photograph that is not kept: its number on the contact sheet, and why."""

    number: int
    name: str
    again: bool
    reasons: tuple[Advice, ...]


@dataclass(frozen=True)
class PhotoSet:
    """A set and its verdict.

    Attributes
    ----------
    ready
        True where nothing is lacking, None where it will do, False where it will not.
    plan, sheet
        Addresses of the drawing of the cameras and of the contact sheet; empty where they are not to be had.
    """

    ready: bool | None
    kept: int
    photos: int
    advice: tuple[Advice, ...]
    left: tuple[Photograph, ...]
    plan: str
    sheet: str

    @property
    def title(self) -> str:
        """Say the verdict in a few words."""
        return {True: _("The set is ready"), None: _("The set will do, with these limits"), False: _("The set is not enough yet")}[
            self.ready
        ]


def photographs(content: Mapping[str, Any], language: str, addresses: Mapping[str, str]) -> PhotoSet | None:
    """Tell what a report says of its photographs; None where it is no set of photographs.

    Parameters
    ----------
    addresses
        Role of a rendition -> where it can be seen.
    """
    steps = content.get("steps") or {}
    verdict = (steps.get("verdict") or {}).get("verdict")
    if not isinstance(verdict, Mapping):
        return None
    left = tuple(
        Photograph(number, str(one["name"]), one["verdict"] == "reshoot", _advice(one["reasons"], language))
        for number, one in enumerate((steps.get("photos") or {}).get("photos", []), 1)
        if one["verdict"] != "keep"
    )
    return PhotoSet(
        ready={"ready": True, "usable": None}.get(str(verdict.get("state")), False),
        kept=int(verdict.get("kept", 0)),
        photos=int(verdict.get("photos", 0)),
        advice=_advice([*verdict.get("failing", []), *verdict.get("lacking", [])], language),
        left=left,
        plan=addresses.get(PICTURES[0], ""),
        sheet=addresses.get(PICTURES[1], ""),
    )


def _advice(reasons: Sequence[Mapping[str, Any]], language: str) -> tuple[Advice, ...]:
    """Put reasons into words."""
    return tuple(Advice(*phrase(str(one["code"]), language, one.get("params") or {})) for one in reasons)

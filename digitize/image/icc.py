# SPDX-License-Identifier: Apache-2.0
"""Colour profiles: what one says of itself, and whether it can be used for a picture.

Source: ICC.1:2022 §7.2 (header), §7.3 (tag table), §10.13 (multiLocalizedUnicode); ICC.1:2001-04 §6.5.17 (textDescription).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from digitize.words import legible

CHANNELS = {"GRAY": 1, "RGB": 3, "CMYK": 4, "Lab": 3}
_MOST, _HEADER, _TAGS = 16 << 20, 128, 200
_TEXT = 200


class ProfileError(Exception):
    """A profile that cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile's own words: description, colour space of its device (``RGB`` …), class, version; and the bytes' SHA-256."""

    description: str
    space: str
    kind: str
    version: str
    sha256: str

    def as_json(self) -> dict[str, str]:
        """Give the profile as a fact."""
        return {
            "description": self.description,
            "space": self.space,
            "class": self.kind,
            "version": self.version,
            "sha256": self.sha256,
        }


def read(data: bytes) -> Profile:
    """Read a profile's header and description.

    Raises
    ------
    ProfileError
        Where it is no profile, is cut short, or its tags lie outside it.
    """
    if len(data) < _HEADER + 4 or data[36:40] != b"acsp":
        raise ProfileError("it is no ICC profile")
    if len(data) > _MOST or int.from_bytes(data[:4], "big") > len(data):
        raise ProfileError("its size is wrong")
    version = f"{data[8]}.{data[9] >> 4}"
    words = _description(_tags(data)) or "unnamed"
    return Profile(words, _word(data[16:20]), _word(data[12:16]), version, hashlib.sha256(data).hexdigest())


def fits(profile: Profile, channels: int) -> bool:
    """Say whether a profile describes pictures of so many channels."""
    return CHANNELS.get(profile.space) == channels and profile.kind in {"scnr", "mntr", "prtr", "spac"}


def _word(raw: bytes) -> str:
    return raw.decode("latin-1").strip()


def _tags(data: bytes) -> dict[bytes, bytes]:
    """Read the tag table."""
    count = int.from_bytes(data[_HEADER : _HEADER + 4], "big")
    if count > _TAGS or _HEADER + 4 + 12 * count > len(data):
        raise ProfileError("its table of contents is wrong")
    found = {}
    for at in range(_HEADER + 4, _HEADER + 4 + 12 * count, 12):
        start, length = int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")
        if start + length > len(data):
            raise ProfileError("a part of it lies outside it")
        found[data[at : at + 4]] = data[start : start + length]
    return found


def _description(tags: dict[bytes, bytes]) -> str:
    """Read the profile's name in either of the two forms."""
    tag = tags.get(b"desc", b"")
    if tag[:4] == b"desc":
        return _clean(tag[12 : 12 + int.from_bytes(tag[8:12], "big")].decode("latin-1"))
    if tag[:4] == b"mluc" and len(tag) >= 28 and int.from_bytes(tag[8:12], "big"):
        length, start = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
        return _clean(tag[start : start + length].decode("utf-16-be", "replace"))
    return ""


def _clean(text: str) -> str:
    return legible(text)[:_TEXT]

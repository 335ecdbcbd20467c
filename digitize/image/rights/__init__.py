# SPDX-License-Identifier: Apache-2.0
"""Who made a picture and on what terms it may be used: read from XMP, IPTC and EXIF, written into what is published.

XMP is believed before IPTC, IPTC before EXIF, as the Metadata Working Group advises (Guidelines for handling image metadata 2.0
§2.3); where they contradict each other, that is a doubt. Where a picture was taken is never passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from digitize.errors import Doubt
from digitize.image.rights import exif, iptc, xmp

FIELDS = ("creator", "copyright", "credit", "licence", "terms", "date")
Rights = dict[str, str]
_READERS: tuple[tuple[str, Callable[[bytes], Rights | None]], ...] = (("xmp", xmp.read), ("iptc", iptc.read), ("exif", exif.read))
_SHOWN = 3


def read(blobs: Mapping[str, bytes]) -> tuple[Rights, tuple[Doubt, ...]]:
    """Read the rights of a picture.

    Parameters
    ----------
    blobs
        ``xmp``, ``iptc``, ``exif`` as they lie in the file.

    Returns
    -------
    The fields of `FIELDS` that are stated, and doubts: blocks that cannot be read, contradictions, a place.
    """
    said: dict[str, list[str]] = {}
    doubts: list[Doubt] = []
    for form, reader in _READERS:
        if not blobs.get(form):
            continue
        found = reader(blobs[form])
        if found is None:
            doubts.append(Doubt("image.metadata-unreadable", None, {"form": form.upper()}))
        for field, value in (found or {}).items():
            said.setdefault(field, []).append(value)
    for field, values in said.items():
        if len(different := list(dict.fromkeys(map(_plain, values)))) > 1 and field != "date":
            doubts.append(Doubt("image.rights-contradict", None, {"field": field, "values": " / ".join(different[:_SHOWN])}))
    if exif.located(blobs.get("exif", b"")) or xmp.located(blobs.get("xmp", b"")):
        doubts.append(Doubt("image.location"))
    return {field: said[field][0] for field in FIELDS if field in said}, tuple(doubts)


def _plain(text: str) -> str:
    """Give a text as it is compared: some programs write © as (c), or with other spaces."""
    return " ".join(text.replace("(c)", "©").replace("(C)", "©").split())


def written(rights: Rights) -> dict[str, bytes]:
    """Give the blocks ``exif`` and ``xmp`` that state the rights; none where there are none."""
    blocks = {"exif": exif.write(rights), "xmp": xmp.write(rights)} if rights else {}
    return {form: block for form, block in blocks.items() if block}

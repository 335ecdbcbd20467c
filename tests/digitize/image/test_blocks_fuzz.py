# SPDX-License-Identifier: Apache-2.0
"""What is written into pictures comes from strangers too: each reader gives an answer to anything, in bounded time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from digitize.image import icc, rights
from digitize.image.rights import exif, iptc, xmp
from tests.digitize.image.test_rights import FULL, photoshop, sets
from tests.digitize.test_preflight_fuzz import edits, mutate

_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_BLOCKS = {
    "exif": exif.write(FULL),
    "xmp": xmp.write(FULL),
    "iptc": photoshop(sets((1, 90, b"\x1b%G"), (2, 80, b"Sun"), (2, 55, b"20240501"))),
}


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(sorted(_BLOCKS)), changes=edits)
def test_a_changed_block_gives_words_or_a_doubt(form: str, changes: list[tuple[str, float, int, bytes]]) -> None:
    said, doubts = rights.read({form: mutate(_BLOCKS[form], changes)})
    assert set(said) <= set(rights.FIELDS)
    assert {doubt.code for doubt in doubts} <= {"image.metadata-unreadable", "image.location"}
    assert all(value and value.isprintable() for value in said.values())
    # What was read can be written, and is read again as it was.
    assert xmp.read(xmp.write(said)) == said


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400))
def test_noise_is_read_or_not(data: bytes) -> None:
    for prefix in (b"", b"II*\0\x08\0\0\0", b"Photoshop 3.0\08BIM", b"\x1c\x02", b"<x>"):
        rights.read(dict.fromkeys(("exif", "iptc", "xmp"), prefix + data))
    assert set(iptc.read(b"\x1c" + data)) <= set(rights.FIELDS)


@settings(max_examples=100, deadline=None)
@given(changes=edits)
def test_a_changed_profile_is_described_or_refused(changes: list[tuple[str, float, int, bytes]]) -> None:
    try:
        found = icc.read(mutate(_PROFILE, changes))
    except icc.ProfileError as error:
        assert str(error)  # noqa: PT017 - either answer is one
    else:
        assert found.description.isprintable()

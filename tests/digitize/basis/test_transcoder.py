# SPDX-License-Identifier: Apache-2.0
"""KTX2 comes back as the pixels it was made from, near enough; broken files end in an error and nowhere else."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.basis.choose import psnr
from digitize.basis.header import device_bytes, header
from digitize.basis.transcoder import decode
from digitize.errors import StepFailure
from tests.digitize.basis.pictures import ktx2, needs_basisu, smooth


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("basis")
    return {mode: ktx2(folder, smooth(), mode) for mode in ("etc1s", "uastc")}


@needs_basisu
@pytest.mark.parametrize(("mode", "least"), [("etc1s", 38), ("uastc", 50)])
def test_the_pixels_come_back(files: dict[str, bytes], mode: str, least: float):
    assert psnr(smooth(), decode(files[mode])) > least
    assert (header(files[mode]).width, header(files[mode]).height, header(files[mode]).levels) == (64, 64, 7)
    assert (header(files[mode]).mode, header(files[mode]).srgb, header(files[mode]).alpha) == (mode, True, False)


@needs_basisu
def test_the_same_picture_gives_the_same_bytes(files: dict[str, bytes], tmp_path: Path):
    assert {mode: ktx2(tmp_path, smooth(), mode) for mode in files} == files


@needs_basisu
def test_numbers_are_not_taken_for_colours(tmp_path: Path):
    assert header(ktx2(tmp_path, smooth(), "uastc", linear=True)).srgb is False


@needs_basisu
def test_alpha_is_told_and_kept(tmp_path: Path):
    pixels = np.dstack([smooth(), np.repeat(np.arange(0, 256, 4, dtype=np.uint8)[:, None], 64, axis=1)])
    data = ktx2(tmp_path, pixels, "uastc")
    assert header(data).alpha is True
    assert psnr(pixels, decode(data)) > 45


@needs_basisu
def test_bytes_on_the_card_are_an_eighth_and_a_quarter(files: dict[str, bytes]):
    blocks = sum(max(1, (64 >> n) // 4) ** 2 for n in range(7))
    assert [header(files[mode]).device_bytes() for mode in ("etc1s", "uastc")] == [8 * blocks, 16 * blocks]
    assert device_bytes(64, 64) == 4 * sum((64 >> n) ** 2 for n in range(7))


CHANGES = {
    "identifier": (0, b"\0", "no head"),
    "kind": (12, struct.pack("<I", 37), "no single picture"),
    "width": (20, struct.pack("<I", 0), "do not fit"),
    "depth": (28, struct.pack("<I", 2), "no single picture"),
    "layers": (32, struct.pack("<I", 9), "no single picture"),
    "faces": (36, struct.pack("<I", 6), "no single picture"),
    "levels": (40, struct.pack("<I", 8), "do not fit"),
    "scheme": (44, struct.pack("<I", 3), "neither"),
    "description": (48, struct.pack("<I", 1 << 30), "description lies outside"),
    "level": (80, struct.pack("<Q", 1 << 40), "mipmap 0 lies outside"),
}


@needs_basisu
@pytest.mark.parametrize("name", CHANGES)
def test_a_wrong_head_is_named(files: dict[str, bytes], name: str):
    at, value, problem = CHANGES[name]
    broken = files["uastc"][:at] + value + files["uastc"][at + len(value) :]
    with pytest.raises(ValueError, match=problem):
        header(broken)
    with pytest.raises(StepFailure) as caught:
        decode(broken)
    assert caught.value.code == "ktx2.broken"


def outcome(data: bytes) -> object:
    """Give the size of what a file decodes to, or the code of its refusal."""
    try:
        return decode(data).shape
    except StepFailure as failure:
        return failure.code


@needs_basisu
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_changed_files_decode_or_are_refused(files: dict[str, bytes], data: st.DataObject):
    whole = bytearray(files[data.draw(st.sampled_from(sorted(files)))])
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(80, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    assert outcome(cut) in {"ktx2.broken", (64, 64, 4)}

# SPDX-License-Identifier: Apache-2.0
"""A file that is cut short is refused with its code and place, whatever its format and wherever it is cut; what no format could tell is known here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.preflight import Intake, inspect
from digitize.preflight.formats import FORMAT_OF, FORMATS, ZIP
from tests.digitize.corpus import SOUND
from tests.digitize.corpus.case import Case

# One file each, of the sound ones, that is all there is of its input.
SAMPLES: dict[str, list[Case]] = {}
for _case in SOUND:
    _form = FORMAT_OF.get(Path(_case.main).suffix.lower())
    if _form and len(_case.files) == 1 and len(_case.files[_case.main]) < 60_000:
        SAMPLES.setdefault(_form, []).append(_case)
# What is left of a cut between two records is a whole, smaller file of these; nothing in them says how many there should be.
NOTHING_SAYS_HOW_MANY = {"obj", "xyz", "splat"}
# Two solids in one text are two objects; a FLAC or MP3 whose length was not known when it was written states none.
NOTHING_SAYS_HOW_LONG = {"stl-text-two-solids", "flac-of-unknown-length", "mp3-without-a-promise"}
# Of these refusals the place is the whole file: what is left is too little to be told for anything.
TOO_LITTLE = {
    "input.not-the-format", "input.wrong-extension", "ply.shorter-than-header", "mesh.no-vertices", "mesh.no-faces", "points.none",
    "zip.broken", "bvh.structure", "off.header", "gltf.json",
}  # fmt: skip
# What says where the sound part of a file that carries time, rows or pages ends.
SAYS_HOW_FAR = {
    "media.truncated": "last",
    "image.cut": "row",
    "bvh.truncated": "complete",
    "las.truncated": "complete",
    "off.truncated": "row",
}


def test_every_format_has_a_sample() -> None:
    assert {*FORMATS, ZIP} - set(SAMPLES) == set()


def left_of(case: Case, length: int, folder: Path) -> Intake | Refusal:
    """Look at the first bytes of a sample."""
    path = folder / case.main
    path.write_bytes(case.files[case.main][:length])
    try:
        return inspect(path)
    except Refusal as refusal:
        return refusal


def judge(case: Case, length: int, folder: Path) -> None:
    """Hold what comes of a cut against what may."""
    found, whole = left_of(case, length, folder), left_of(case, len(case.files[case.main]), folder)
    assert isinstance(whole, Intake)
    if isinstance(found, Refusal):
        assert found.at or found.code in TOO_LITTLE, (case.name, length, found.code)
        assert all(found.text("zh-hans")), found.code
        return
    doubted = {doubt.code for doubt in found.doubts} - {doubt.code for doubt in whole.doubts}
    form = FORMAT_OF[Path(case.main).suffix.lower()]
    untold = form in NOTHING_SAYS_HOW_MANY or case.name in NOTHING_SAYS_HOW_LONG
    assert doubted or untold or dict(found.counts) == dict(whole.counts), (case.name, length, dict(found.counts))


@pytest.mark.parametrize("form", sorted({*FORMATS, ZIP}))
def test_a_cut_is_refused_or_doubted(form: str, tmp_path: Path) -> None:
    for case in SAMPLES[form]:
        size = len(case.files[case.main])
        for length in {size // 10, size // 2, size * 9 // 10, size - 1}:
            judge(case, length, tmp_path)


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_so_wherever_the_cut_lies(tmp_path: Path, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([case for form in sorted(SAMPLES) for case in SAMPLES[form]]), label="sample")
    judge(case, data.draw(st.integers(1, len(case.files[case.main]) - 1), label="bytes left"), tmp_path)


@pytest.mark.parametrize("form", sorted({*FORMATS} - NOTHING_SAYS_HOW_MANY))
def test_half_a_file_is_never_taken(form: str, tmp_path: Path) -> None:
    assert all(
        isinstance(left_of(case, len(case.files[case.main]) // 2, tmp_path), Refusal)
        for case in SAMPLES[form]
        if case.name not in NOTHING_SAYS_HOW_LONG
    )


@pytest.mark.parametrize("name", ["wav", "flac", "mp3", "aiff", "mp4", "mkv", "avi", "png", "tiff", "bvh", "las"])
def test_how_far_it_is_sound_is_said(name: str, tmp_path: Path) -> None:
    case = next(case for cases in SAMPLES.values() for case in cases if case.name == name)
    found = left_of(case, len(case.files[case.main]) * 9 // 10, tmp_path)
    assert isinstance(found, Refusal)
    assert found.code in SAYS_HOW_FAR, found.code
    assert SAYS_HOW_FAR[found.code] in found.params


@pytest.mark.parametrize(
    ("name", "text"), [("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3"), ("a.off", "OFF\n3 1 3\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2")]
)
def test_a_last_number_that_may_be_half_is_doubted(name: str, text: str, tmp_path: Path) -> None:
    for ending, doubts in (("", ["input.open-end"]), ("\n", []), (" ", []), ("\r\n", [])):
        (tmp_path / name).write_bytes(f"{text}{ending}".encode())
        assert [doubt.code for doubt in inspect(tmp_path / name).doubts] == doubts

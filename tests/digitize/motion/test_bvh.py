# SPDX-License-Identifier: Apache-2.0
"""BVH: what is read, what is refused and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.errors import Doubt, Refusal
from digitize.motion.bvh import read
from digitize.motion.skeleton import Motion
from digitize.preflight import Limits
from tests.digitize.motion.figures import HIERARCHY, bvh, dance
from tests.digitize.test_preflight_fuzz import answer, edits, mutate


def parsed(tmp_path: Path, data: bytes, limits: Limits | None = None) -> tuple[Motion, tuple[Doubt, ...]]:
    path = tmp_path / "a.bvh"
    path.write_bytes(data)
    return read(path, limits or Limits())


def test_joints_offsets_and_channels_are_read_in_order(tmp_path: Path):
    motion, doubts = parsed(tmp_path, bvh(dance(3)))
    assert doubts == ()
    assert [(joint.name, joint.parent, len(joint.channels), joint.first) for joint in motion.joints] == [
        ("Hips", -1, 6, 0),
        ("Spine", 0, 3, 6),
        ("Head", 1, 3, 9),
        ("左臂", 1, 3, 12),
        ("LeftHand", 3, 1, 15),
        ("Leg", 0, 3, 16),
        ("Foot", 5, 0, 19),
    ]
    assert motion.joints[2].channels == ("yrotation", "zrotation", "xrotation")
    assert motion.joints[2].ends == ((0.0, 15.0, 0.0),)
    assert motion.rest()[4].tolist() == [42.0, 45.0, 0.0]
    assert np.array_equal(motion.values, np.round(dance(3), 6))
    assert motion.frame_time == 0.01666667


@pytest.mark.parametrize(
    "data",
    [
        bvh(dance(2)).replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + bvh(dance(2)),
        bvh(dance(2)).replace(b"\n{", b" {").replace(b"MOTION\n", b"MOTION\n\n\n"),
        bvh(dance(2)).replace(b"Frames: ", b"Frames:\t").replace(b"Frame Time: ", b"frame time:"),
        bvh(dance(2)).replace(b"JOINT", b"joint").replace(b"Xrotation", b"XROTATION"),
        bvh(dance(2)).rstrip(b"\n"),
        bvh(dance(2)).replace(b"End Site", b"End Site_Head"),
    ],
)
def test_what_writers_vary_changes_nothing(tmp_path: Path, data: bytes):
    motion, doubts = parsed(tmp_path, data)
    plain, _ = parsed(tmp_path, bvh(dance(2)))
    assert (motion.joints, motion.frame_time, doubts) == (plain.joints, plain.frame_time, ())
    assert np.array_equal(motion.values, plain.values)


def test_a_file_cut_anywhere_in_its_rows_names_the_last_sound_one(tmp_path: Path):
    data = bvh(dance(5))
    starts = [place + 1 for place, byte in enumerate(data) if byte == 10][-6:]
    for cut in range(starts[0] + 1, len(data) - 8, 7):
        with pytest.raises(Refusal) as caught:
            parsed(tmp_path, data[:cut])
        whole = sum(cut >= start - 1 for start in starts[1:])
        # A cut within a row's last number can look like a whole row; then one row more is sound.
        assert caught.value.code == "bvh.truncated"
        assert caught.value.at in {f"row {whole}", f"row {whole + 1}"}, cut
        assert caught.value.params["expected"] == 5


def test_a_cut_within_the_very_last_number_is_doubted(tmp_path: Path):
    data = bvh(dance(5)).rstrip(b"\n")
    assert [doubt.code for doubt in parsed(tmp_path, data[:-3])[1]] == ["bvh.last-number"]
    assert parsed(tmp_path, data)[1] == ()
    whole = bvh(np.round(dance(5))).replace(b".000000", b"").rstrip(b"\n")
    assert [doubt.code for doubt in parsed(tmp_path, whole)[1]] == ["bvh.last-number"]
    assert parsed(tmp_path, whole + b"\n")[1] == ()


def test_limits_are_kept(tmp_path: Path):
    data = bvh(dance(10))
    for limits, at in ((Limits(joints=6), "line 40"), (Limits(joint_depth=3), "line 26"), (Limits(motion_values=189), "line 49")):
        with pytest.raises(Refusal) as caught:
            parsed(tmp_path, data, limits)
        assert caught.value.code == "bvh.too-large"
        assert caught.value.at == at
    assert parsed(tmp_path, data, Limits(joints=7, joint_depth=4, motion_values=190))[0].frames == 10


@settings(max_examples=150, deadline=None)
@given(changes=edits)
def test_a_changed_file_is_taken_or_refused(changes: list[tuple[str, float, int, bytes]]):
    answer({"a.bvh": mutate(bvh(dance(4)), changes)}, "a.bvh")


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from([*HIERARCHY.split(), "MOTION", "Frames: 1", "nan", "1e999", "{", "}"]), max_size=60))
def test_shuffled_words_are_taken_or_refused(words: list[str]):
    answer({"a.bvh": ("HIERARCHY " + "\n".join(words)).encode()}, "a.bvh")

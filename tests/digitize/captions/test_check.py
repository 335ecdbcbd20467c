# SPDX-License-Identifier: Apache-2.0
"""What is hard to read is counted; captions that stand beside the sound are found, and by how much."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.captions import Captions, Cue, align, check

SPOKEN = ((2.0, 4.0), (5.5, 6.5), (9.0, 13.0), (15.0, 16.0), (20.0, 23.0), (26.0, 26.8), (31.0, 35.0))


def captions(*cues: Cue, language: str | None = "zh") -> Captions:
    return Captions("a.zh.vtt", cues, language, {})


def curve(spoken: tuple[tuple[float, float], ...], seconds: float = 40, quiet: float = 1e-6, loud: float = 1e-2) -> np.ndarray:
    """Draw the curve of noise in these stretches."""
    found = np.full((round(seconds * align.PER_SECOND), 3), quiet, dtype=np.float32)
    for start, end in spoken:
        found[round(start * 100) : round(end * 100), 2] = loud
    return found


def moved(by: float) -> Captions:
    return captions(*(Cue(round((start + by) * 1000), round((end + by) * 1000), ("词",)) for start, end in SPOKEN))


def test_what_is_hard_to_read_is_counted() -> None:
    found = check.facts(
        captions(
            Cue(0, 1000, ("二十一个汉字已经太长了不能再读下去了啊真的",)),
            Cue(900, 1400, ("x",)),
            Cue(2000, 4000, ("short",)),
        )
    )
    assert {name: found[name] for name in ("cues", "overlapping", "brief", "long_lines", "too_fast", "fastest", "seconds", "last")} == {
        "cues": 3,
        "overlapping": 1,
        "brief": 1,
        "long_lines": 0,
        "too_fast": 1,
        "fastest": 42.0,
        "seconds": 3.4,
        "last": 4.0,
    }


def test_each_trouble_is_a_doubt() -> None:
    hard = captions(Cue(0, 500, ("<i>" + "w" * 43 + "</i>",)), Cue(400, 3000, ("x",)), language=None)
    assert [doubt.code for doubt in check.doubts(hard, check.facts(hard))] == [
        "captions.overlapping",
        "captions.brief",
        "captions.long-lines",
        "captions.too-fast",
        "captions.language-unknown",
    ]
    easy = captions(Cue(0, 2000, ("你好",)))
    assert check.doubts(easy, check.facts(easy)) == []


def test_captions_on_the_sound_are_on_the_sound() -> None:
    found = align.align(moved(0), curve(SPOKEN))
    assert found is not None
    assert (found.offset, align.doubts(moved(0), found)) == (0.0, [])
    assert found.share > 0.97


@pytest.mark.parametrize("by", [-1.5, 0.8, 3.25])
def test_captions_beside_the_sound_are_measured(by: float) -> None:
    shifted = moved(by)
    found = align.align(shifted, curve(SPOKEN))
    assert found is not None
    assert found.offset == pytest.approx(-by, abs=0.02)
    (doubt,) = align.doubts(shifted, found)
    assert (doubt.code, doubt.params["offset"]) == ("captions.shifted", f"{found.offset:+.2f}")


def test_captions_of_another_recording_stand_over_silence() -> None:
    other = captions(*(Cue(round(1000 * at), round(1000 * at) + 400, ("词",)) for at in (0.5, 7.2, 14.0, 17.5, 24.2, 37.0)))
    found = align.align(other, curve(((36.0, 36.1), (38.2, 38.3)), loud=1e-2, quiet=1e-3 * 0.02))
    assert found is None or align.doubts(other, found)[0].code == "captions.over-silence"


def test_an_even_sound_tells_nothing() -> None:
    assert align.align(moved(0), curve(((0.0, 40.0),))) is None
    assert align.align(moved(0), curve(())) is None

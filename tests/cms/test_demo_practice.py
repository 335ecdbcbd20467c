# SPDX-License-Identifier: Apache-2.0
import wave

import numpy as np
import pytest
from PIL import Image

from cms.demo import practice
from cms.demo.practice import papercut, sound


def test_the_sheet_is_folded_once_so_both_halves_are_equal() -> None:
    sheet = papercut.sheet()
    assert sheet.shape == (1600, 1600)
    assert np.array_equal(sheet, sheet[:, ::-1])


def test_the_paper_hangs_together_and_is_richly_cut() -> None:
    from scipy import ndimage

    paper = papercut.sheet() > 0.5
    pieces = np.bincount(ndimage.label(paper)[0].ravel())[1:]
    # Crumbs of less than two square millimetres are what scissors leave where two cuts meet.
    assert np.sum(pieces > 26) == 1
    holes = np.bincount(ndimage.label(~paper)[0].ravel())[1:]
    assert np.sum(holes > 26) > 500


def test_the_picture_is_red_paper_on_pale_ground(tmp_path) -> None:
    with Image.open(practice.build("papercut", tmp_path)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (1600, 1600))
        pixels = np.asarray(image, np.float64)
    paper = papercut.sheet()
    assert pixels[paper == 1].mean(axis=0) == pytest.approx((186, 34, 26), abs=8)
    assert pixels[5:15, 5:15].mean(axis=(0, 1)) == pytest.approx((242, 236, 224), abs=6)


def test_the_sound_is_eight_seconds_of_mono_without_clipping(tmp_path) -> None:
    with wave.open(str(practice.build("scissors", tmp_path)), "rb") as sounding:
        assert sounding.getparams()[:4] == (1, 2, 22_050, 176_400)
        samples = np.frombuffer(sounding.readframes(176_400), "<i2")
    assert np.abs(samples.astype(int)).max() == round(32767 * 10 ** (-3 / 20))
    assert abs(int(samples[-1])) < 100


def test_a_plucked_string_has_the_pitch_it_was_tuned_to() -> None:
    tone = sound.pluck(sound.RATE / 50.5, 1.0, np.random.default_rng(1))[4000:]
    likeness = [float(tone[:8000] @ tone[lag : lag + 8000]) for lag in range(20, 90)]
    # The period is fifty samples and a half: both neighbours fit best.
    assert sorted(np.argsort(likeness)[-2:] + 20) == [50, 51]


def test_an_unknown_original_of_the_practice_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="there is no original 'drum' of the practice"):
        practice.build("drum", tmp_path)

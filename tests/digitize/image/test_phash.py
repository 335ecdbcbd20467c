# SPDX-License-Identifier: Apache-2.0
"""Pictures that look alike have hashes that lie near each other."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from digitize.image import phash
from tests.digitize.image.runs import patches, step


def grey(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L").resize((32, 32), Image.Resampling.LANCZOS))


def test_brightness_and_contrast_do_not_matter_but_direction_does() -> None:
    ramp = np.outer(np.arange(32), np.arange(32) ** 2)
    assert phash.of(ramp) == phash.of(ramp * 3 + 20)
    # Each wave along a mirrored axis keeps its size; every second one changes its sign.
    assert phash.distance(phash.of(ramp), phash.of(ramp[:, ::-1])) > 16


def test_small_changes_stay_near_and_other_pictures_far() -> None:
    one = patches(side=32).filter(ImageFilter.GaussianBlur(8))
    near = [one.resize((300, 225)), one.point(lambda v: min(255, v + 12)), one.filter(ImageFilter.GaussianBlur(2))]
    assert [phash.distance(phash.of(grey(one)), phash.of(grey(other))) <= 6 for other in near] == [True] * 3
    far = [patches(side=32, seed=seed).filter(ImageFilter.GaussianBlur(8)) for seed in range(2, 8)]
    assert min(phash.distance(phash.of(grey(one)), phash.of(grey(other))) for other in far) > 12


def test_distance_counts_bits() -> None:
    assert (phash.distance("0" * 16, "f" * 16), phash.distance("0000000000000003", "0000000000000001")) == (64, 1)


def test_another_size_is_an_error() -> None:
    with pytest.raises(ValueError, match="31"):
        phash.of(np.zeros((31, 32)))


def test_the_step_states_it(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png")
    patches().resize((256, 192), Image.Resampling.NEAREST).save(tmp_path / "b.png")
    one, two = (step(tmp_path / f"{name}.png", tmp_path / name)[0]["phash"] for name in "ab")
    assert len(one) == 16
    assert phash.distance(one, two) <= 4

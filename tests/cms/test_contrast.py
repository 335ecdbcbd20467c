# SPDX-License-Identifier: Apache-2.0
"""Contrast, computed from the stylesheet's own tokens. Source: WCAG 2.2, relative luminance and contrast ratio."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "cms" / "static" / "cms" / "qilu.css").read_text()
TEXT = ("ink", "soft", "celadon", "vermilion", "ochre", "lapis")
GROUNDS = ("paper", "surface", "stage", "halo")


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block))


LIGHT = tokens(CSS[CSS.index(":root {") : CSS.index("@media (prefers-color-scheme: dark)")])
DARK = {**LIGHT, **tokens(re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", CSS, re.DOTALL)[1])}  # type: ignore[index]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_colour_on_every_ground(scheme: dict[str, str]) -> None:
    weak = {(text, ground): round(contrast(scheme[text], scheme[ground]), 2) for text in TEXT for ground in GROUNDS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_on_filled_controls_and_borders_of_controls(scheme: dict[str, str]) -> None:
    assert contrast(scheme["on-celadon"], scheme["celadon"]) >= 4.5
    assert contrast(scheme["on-vermilion"], scheme["vermilion"]) >= 4.5
    assert contrast(scheme["paper"], scheme["ink"]) >= 4.5
    assert [ground for ground in ("paper", "surface") if contrast(scheme["edge"], scheme[ground]) < 3] == []


def test_both_schemes_set_every_token() -> None:
    block = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", CSS, re.DOTALL)
    assert block is not None
    assert set(tokens(block[1])) == set(LIGHT)


def test_colours_come_from_tokens_only() -> None:
    rules = CSS[CSS.index("/* 2. Ground */") : CSS.index("@media print")]
    assert sorted(set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", rules))) == ["#FFFFFF"]  # the QR code's quiet zone is white in both schemes


def test_rooms_use_only_tokens_that_exist() -> None:
    root = Path(__file__).resolve().parents[2]
    known = set(re.findall(r"--([\w-]+):", CSS))
    for path in [*root.glob("*/static/*/*.css")]:
        used = set(re.findall(r"var\(--([\w-]+)", path.read_text())) - set(re.findall(r"--([\w-]+):", path.read_text()))
        assert {name for name in used if not name.startswith("w-")} - known == set(), path

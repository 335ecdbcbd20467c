# SPDX-License-Identifier: Apache-2.0
"""A stranger's words: nothing that can be read is lost, nothing that steers a terminal is printed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.words import legible, plain


def test_wide_spaces_stay_and_breaks_part_words() -> None:
    assert legible("  北京\u3000故宫\u00a0博物院\nAll rights\treserved\x00\u200b ") == "北京\u3000故宫\u00a0博物院 All rights reserved"
    assert legible("\u3000\u3000一段", strip=False) == "\u3000\u3000一段"


@given(st.text())
def test_every_letter_is_kept(text: str) -> None:
    letters = [char for char in text if unicodedata.category(char)[0] in "LMNPS"]
    assert [char for char in legible(text) if unicodedata.category(char)[0] in "LMNPS"] == letters


def test_the_place_of_an_error_cannot_steer_a_terminal() -> None:
    refusal = Refusal("gltf.structure", at="meshes/0/\x1b[2J\u202egnp" + "x" * 5000, problem="p")
    assert refusal.at == "meshes/0/\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}gnp" + "x" * 183
    assert plain("陶\u3000杯") == "陶\u3000杯"

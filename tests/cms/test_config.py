# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from cms.config import Setting

FLAG = Setting("QILU_TRIED", False, "A flag that nothing else reads.")


@pytest.mark.parametrize(
    ("word", "meant"), [("on", True), ("1", True), ("Yes", True), ("TRUE", True), ("off", False), ("0", False), ("no", False), ("", False)]
)
def test_a_flag_is_said_as_the_documents_say_it(monkeypatch: pytest.MonkeyPatch, word: str, meant: bool) -> None:
    monkeypatch.setenv(FLAG.name, word)
    assert FLAG.read() is meant


def test_another_word_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FLAG.name, "perhaps")
    with pytest.raises(ValueError, match="QILU_TRIED='perhaps' is neither true nor false"):
        FLAG.read()

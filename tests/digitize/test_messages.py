# SPDX-License-Identifier: Apache-2.0
"""Every code that the room uses has words in both languages, and every error keeps its shape across a process boundary."""

from __future__ import annotations

import ast
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import digitize
from digitize.errors import Doubt, Refusal, StepFailure
from digitize.messages import MESSAGES, phrase

ROOT = Path(digitize.__file__).parent
RAISED = {"Refusal", "StepFailure", "Doubt", "RecipeError"}


def codes() -> Iterator[tuple[str, str]]:
    """Find every code that stands as the first argument of an error or a doubt."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_code_in_use_has_words():
    assert [(code, at) for code, at in codes() if code not in MESSAGES] == []


def test_no_code_has_words_in_two_places():
    trees = [ast.parse(path.read_text()) for path in sorted((ROOT / "texts").glob("*.py"))]
    keys = [key for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys]
    written = Counter(str(key.value) for key in keys if isinstance(key, ast.Constant))
    assert {code: times for code, times in written.items() if code in MESSAGES and times > 1} == {}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_say_the_same_things(code: str):
    texts = MESSAGES[code]
    assert set(texts) == {"en", "zh-hans"}
    assert all(message.strip() for message, _ in texts.values())
    assert fields(texts["en"][0]) == fields(texts["zh-hans"][0])
    assert fields(texts["en"][1]) == fields(texts["zh-hans"][1])


def test_a_refusal_is_the_same_after_packing():
    refusal = Refusal("mesh.index-out-of-range", at="face 17", index=99, vertices=12)
    assert Refusal.unpack(refusal.pack()).as_json() == refusal.as_json()
    assert refusal.as_json() == {
        "code": "mesh.index-out-of-range",
        "message": "A face names vertex 99, but there are 12 vertices.",
        "hint": "Export the object again from its program.",
        "retryable": False,
        "at": "face 17",
    }
    assert refusal.text("zh-hans")[0] == "有一个面引用了顶点 99，但只有 12 个顶点。"


def test_what_another_process_packs_cannot_break_the_error():
    hostile = {"code": ["x"], "at": {"a": 1}, "params": {"self": 1, "code": 2, "at": 3, "index": "\0\n{evil}" * 1000}}
    error = Refusal.unpack(hostile)
    assert error.code == "['x']"
    assert error.at == "{'a': 1}"
    assert Refusal.unpack({}).code == "None"


def test_values_are_shown_short_and_printable():
    message, _ = phrase("input.missing", "en", {"name": "a\n\x1b[31m" + "b" * 500})
    assert "\n" not in message
    assert "\x1b" not in message
    assert len(message) < 250


def test_only_what_may_pass_by_itself_is_retryable():
    assert [StepFailure(code, step="s").retryable for code in ("step.killed", "step.wall-time", "step.crashed", "step.memory")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_doubt_survives_its_json():
    doubt = Doubt("mesh.small-polygons", "face 2", {"count": 3})
    assert Doubt.from_json(doubt.as_json()) == doubt
    assert Doubt.from_json({"code": "from.elsewhere", "message": "In its own words."}).message == "In its own words."

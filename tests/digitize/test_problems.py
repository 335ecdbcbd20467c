# SPDX-License-Identifier: Apache-2.0
"""Every cause that the room's code names in English has Chinese words, which hold the same things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

import digitize
from digitize.errors import Refusal
from digitize.texts.problems import PROBLEMS, in_chinese

ROOT = Path(digitize.__file__).parent
# Whose texts are causes: the constructors of the readers' own exceptions, and the helpers that refuse.
NAMED = {"PdfError", "DirectoryError", "BoxError", "ProfileError", "HeaderError", "broken", "invalid", "refused", "_wrong"}


def words(node: ast.expr) -> list[str]:
    """Give the text that an expression writes, with ``{}`` for what it holds."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)]
    return [*words(node.body), *words(node.orelse)] if isinstance(node, ast.IfExp) else []


def causes(tree: ast.AST) -> Iterator[str]:
    """Find the causes in one module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            yield from chain.from_iterable(words(one.value) for one in node.keywords if one.arg == "problem")
            if name in NAMED:
                yield from (text for one in node.args for text in words(one) if " " in text)
        elif isinstance(node, ast.Assign) and any(isinstance(one, ast.Name) and one.id == "problem" for one in node.targets):
            yield from words(node.value)


def test_every_cause_has_chinese_words() -> None:
    found = {cause for path in ROOT.rglob("*.py") if "texts" not in path.parts for cause in causes(ast.parse(path.read_text()))}
    assert len(found) > 300
    assert sorted(found - set(PROBLEMS)) == []


@pytest.mark.parametrize("cause", sorted(PROBLEMS))
def test_a_cause_is_found_again_with_what_it_holds(cause: str) -> None:
    held = [f"<{number}>" for number in range(cause.count("{}"))]
    said = in_chinese(cause.format(*held))
    assert all(said.count(one) == 1 for one in held)
    assert said != cause.format(*held)
    assert "{" not in said


def test_a_refusal_names_its_cause_in_the_language_asked_for() -> None:
    refusal = Refusal("gltf.structure", at="accessors/0", problem="it must be a whole number from 1")
    assert refusal.text("zh-hans")[0] == "该 glTF 不符合规范：必须是不小于 1 的整数。"
    assert refusal.text("en")[0] == "The glTF breaks its own rules: it must be a whole number from 1."
    inside = "its cross-reference is not where it says (a stream is missing)"
    assert in_chinese(inside) == "交叉引用不在所称之处（缺少流）"
    assert in_chinese("invalid block type") == "invalid block type"

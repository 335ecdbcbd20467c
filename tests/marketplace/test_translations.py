# SPDX-License-Identifier: Apache-2.0
"""Every sentence of the room stands in its Chinese catalogue, and the compiled catalogue is that of the text."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("marketplace", "supervision")
TAGS = re.compile(r'{%\s*trans\s+(?:"([^"]+)"|\'([^\']+)\')(?:\s+context\s+"([^"]+)")?')
BLOCKS = re.compile(r"{%\s*blocktrans[^%]*%}(.*?)(?:{%\s*plural\s*%}.*?)?{%\s*endblocktrans\s*%}", re.DOTALL)
WORDS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 0, "pgettext": 1, "pgettext_lazy": 1}


def in_code(path: Path) -> set[tuple[str, str]]:
    """List (context, sentence) of a Python file."""
    calls = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    found = set()
    for call in calls:
        place = WORDS.get(call.func.id) if isinstance(call.func, ast.Name) else None
        texts = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if place is not None and len(texts) > place:
            found.add((texts[0] if place else "", texts[place]))
    return found


def in_template(path: Path) -> set[tuple[str, str]]:
    """List (context, sentence) of a template."""
    text = path.read_text()
    tags = {(context, (double or single).replace("%", "%%")) for double, single, context in TAGS.findall(text)}
    blocks = {("", re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", body)) for body in BLOCKS.findall(text)}
    return tags | blocks


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_is_translated(room: str) -> None:
    with (ROOT / room / "locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    said = {one for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts for one in in_code(path)}
    said |= {one for path in (ROOT / room / "templates").rglob("*.html") for one in in_template(path)}
    missing = [
        (context, sentence)
        for context, sentence in said
        if (catalogue.pgettext(context, sentence) if context else catalogue.gettext(sentence)) == sentence
        and catalogue.ngettext(sentence, sentence, 1) == sentence
        and sentence != "SHA-256"
    ]
    assert missing == []
    assert len(said) > 50

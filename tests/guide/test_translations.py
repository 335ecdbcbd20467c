# SPDX-License-Identifier: Apache-2.0
"""Every string of the public pages is in the Chinese catalogue, and the compiled catalogue is the written one."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "guide" / "locale" / "zh_Hans" / "LC_MESSAGES"
TEMPLATES = [*(ROOT / "guide" / "templates").rglob("*.html"), *(ROOT / "cms" / "templates").glob("*.html"), *(ROOT / "cms" / "templates" / "cms").rglob("*.html")]  # fmt: skip
CODE = [*(ROOT / "guide").rglob("*.py"), *(ROOT / "cms" / "views").glob("*.py"), ROOT / "cms" / "login.py"]
STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""


def messages() -> set[tuple[str, str]]:
    found = set()
    for path in TEMPLATES:
        for token in Lexer(path.read_text()).tokenize():
            if token.token_type == TokenType.BLOCK and (
                match := re.match(rf"trans(?:late)? {STRING}(?:.* context {STRING})?", token.contents)
            ):
                found.add(((match[2] or '""')[1:-1], match[1][1:-1]))
    for path in CODE:
        text = path.read_text()
        found |= {("", one[1:-1]) for one in re.findall(rf"(?<![\w.])_\({STRING}\)", text)}
        found |= {(context[1:-1], one[1:-1]) for context, one in re.findall(rf"pgettext\({STRING}, {STRING}\)", text)}
    return found


def test_every_string_is_translated() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    known = catalogue._catalog  # type: ignore[attr-defined]
    wanted = {f"{context}\x04{message}" if context else message for context, message in messages()}
    assert len(wanted) > 120
    assert sorted(wanted - {key[0] if isinstance(key, tuple) else key for key in known}) == []


def test_block_translations_are_in_force(settings: pytest.FixtureRequest) -> None:
    with translation.override("zh-hans"):
        assert translation.ngettext("%(number)s object", "%(number)s objects", 3) % {"number": 3} == "3 件"
        assert translation.gettext("Sealed on %(day)s") % {"day": "今天"} == "今天封存"


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written = re.findall(r'^msgstr(?:\[0\])? "(.+)"$', (CATALOGUE / "django.po").read_text(), re.MULTILINE)
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert sorted(text.replace('\\"', '"') for text in written) == sorted(text for key, text in compiled.items() if key)

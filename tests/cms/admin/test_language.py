# SPDX-License-Identifier: Apache-2.0
"""Every word of the admin has its Chinese, in the catalogue that is loaded and on the page."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation

import cms.admin
from assets.models import Asset
from tests.cms.admin.conftest import client_of

ROOM = Path(cms.admin.__file__).parent
CALLS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "pgettext_lazy": 1}
TAGS = re.compile(r"""{%\s*(?:trans|translate)\s+(?:"([^"]+)"|'([^']+)')""")


def said_in_code() -> set[str]:
    """Collect what the code hands to gettext."""
    found = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                argument = node.args[CALLS[node.func.id]]
                if isinstance(argument, ast.Constant):
                    found.add(argument.value)
    return found


def said_in_templates() -> set[str]:
    """Collect what the templates hand to gettext."""
    texts = "".join(path.read_text() for path in ROOM.rglob("*.html"))
    return {first or second for first, second in TAGS.findall(texts)}


def catalogue() -> dict[str, str]:
    """Give the compiled catalogue, contexts left out."""
    with (ROOM / "locale/zh_Hans/LC_MESSAGES/django.mo").open("rb") as file:
        known = gettext.GNUTranslations(file)._catalog
    return {str(key).rpartition("\x04")[2]: value for key, value in known.items() if key}


def test_nothing_is_left_in_english() -> None:
    said = said_in_code() | said_in_templates()
    assert len(said) > 120
    assert sorted(said - set(catalogue())) == []


def test_every_chinese_word_is_chinese() -> None:
    plain = {key: value for key, value in catalogue().items() if not re.search(r"[\u4e00-\u9fff]", value)}
    assert plain == {}


def test_placeholders_survive() -> None:
    fields = re.compile(r"%\(\w+\)\w")
    changed = {key for key, value in catalogue().items() if sorted(fields.findall(key)) != sorted(fields.findall(value))}
    assert changed == set()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "工作台"),
        ("assets/", "资产"),
        ("uploads/add/", "请一次选齐"),
        ("runs/", "处理"),
        ("history/", "变更记录"),
        ("annotations/{asset}/", "标注"),
    ],
)
def test_pages_speak_chinese(secret: Asset, curator, path: str, words: str) -> None:
    client = client_of(curator)
    text = client.get(f"/admin/{path.format(asset=secret.pk)}", headers={"accept-language": "zh-CN"}).content.decode()
    assert (words in text, '<html lang="zh-hans"' in text) == (True, True)


def test_the_menu_is_whole_in_chinese(curator) -> None:
    text = client_of(curator).get("/admin/", headers={"accept-language": "zh-CN"}).content.decode()
    assert [f'"name": "{name}"' in text for name in ("upload", "assets", "runs", "own-history")] == [True] * 4


def test_the_way_back_is_named_in_the_language_of_the_page(secret: Asset, curator) -> None:
    client = client_of(curator)
    with translation.override("zh-hans"):
        chinese = client.get("/admin/assets/", headers={"accept-language": "zh-CN"}).content.decode()
    english = client.get("/admin/assets/").content.decode()
    assert ("工作台" in chinese, "工作台" in english, "Desk" in english) == (True, False, True)

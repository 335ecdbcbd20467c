# SPDX-License-Identifier: Apache-2.0
"""An undocumented setting or command is a failing test, and so is a document that names what does not exist."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

from assets.commands import QiluCommand
from cms.config import SETTINGS, Setting
from digitize.preflight import Limits

ROOT: Path = settings.BASE_DIR
ROOMS = {"cms", "supervision", "guide", "marketplace", "pipelines", "assets", "ledger"}
OURS = sorted(name for name, room in get_commands().items() if room in ROOMS)
COMMON = {
    "--help",
    "--version",
    "--verbosity",
    "--settings",
    "--pythonpath",
    "--traceback",
    "--no-color",
    "--force-color",
    "--skip-checks",
    "--json",
}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])


def shown(setting: Setting) -> str:
    if isinstance(setting.default, bool):
        return "`on`" if setting.default else "`off`"
    return f"`{setting.default}`" if setting.default != "" else "(empty)"


def test_settings_page_is_the_table() -> None:
    rows = [line for line in (ROOT / "docs/settings.md").read_text().splitlines() if re.match(r"\| `[A-Z]", line)]
    assert rows == [f"| `{one.name}` | {shown(one)} | {one.meaning} |" for one in SETTINGS]


def test_no_setting_is_read_past_the_table() -> None:
    read = set()
    for path in ROOT.glob("*/**/*.py"):
        if path.parts[len(ROOT.parts)] in ROOMS | {"digitize"}:
            read |= set(re.findall(r"\bQILU_[A-Z_]+\b", path.read_text()))
    assert read - {one.name for one in SETTINGS} == set()


def section(command: str) -> str:
    found = re.search(rf"^### `{command}`\n(.*?)(?=^##|\Z)", (ROOT / "docs/commands.md").read_text(), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def options(command: str) -> set[str]:
    made = load_command_class(get_commands()[command], command)
    parser = made.create_parser("manage.py", command)
    return {option for action in parser._actions for option in action.option_strings if option.startswith("--")} - COMMON


@pytest.mark.parametrize("command", OURS)
def test_command_is_documented_with_every_option(command: str) -> None:
    documented = set(re.findall(r"^- `(--[a-z-]+)`", section(command), re.MULTILINE)) - ({"--quick"} if command == "test" else set())
    assert section(command) != ""
    assert documented == options(command)


def test_documented_commands_exist() -> None:
    named = set(re.findall(r"^### `([a-z]+)`", (ROOT / "docs/commands.md").read_text(), re.MULTILINE))
    assert named == set(OURS)


def test_our_commands_share_exits_and_json() -> None:
    odd = [name for name in OURS if name != "test" and not isinstance(load_command_class(get_commands()[name], name), QiluCommand)]
    assert odd == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_both_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text() for name in ("README.md", "README.zh.md"))
    links = [
        {target for target in re.findall(r"\]\(([^)]+)\)", text) if target.startswith("docs/") and not target.endswith("webp")}
        for text in (english, chinese)
    ]
    assert links[0] == links[1]
    commands = [re.findall(r"^python3 \S+ \w+", text, re.MULTILINE) for text in (english, chinese)]
    assert commands[0] == commands[1]


def test_decisions_are_numbered_and_short() -> None:
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    assert [page.name for page in pages if len(page.read_text().splitlines()) > 30] == []


def test_each_room_is_told_on_one_page() -> None:
    untold = [room for room in sorted(ROOMS | {"digitize"}) if not (ROOT / room / "README.md").is_file()]
    assert untold == []


def test_every_bound_of_the_preflight_is_documented_with_its_default() -> None:
    table = re.findall(r"^\| `([a-z_]+)` \| ([\d,]+) \|$", (ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert {name: int(value.replace(",", "")) for name, value in table} == asdict(Limits())

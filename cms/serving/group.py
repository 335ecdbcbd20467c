# SPDX-License-Identifier: Apache-2.0
"""A group of child processes that start together and end together, whatever ends their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Self

GRACE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """The user asked this process to end; not an error, so it passes every `except Exception`."""


def _die_with_parent() -> Callable[[], None] | None:
    """Give what a child runs first so that the kernel ends it with its parent; only Linux offers that."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: a child may hardly do anything

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_kernel


class Group:
    """Children in process groups of their own; leaving the `with` block ends them and all that they started."""

    def __init__(self, grace: float = GRACE_SECONDS) -> None:
        self._grace = grace
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        self.stop()

    def start(
        self, name: str, command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        """Start one child; its standard output goes where ours goes for errors, so that ours stays one object."""
        self._children[name] = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
            preexec_fn=_die_with_parent(),  # noqa: PLW1509 - no thread runs yet where groups are started
        )

    def ended(self) -> dict[str, int]:
        """Give the children that are over, with their exits."""
        return {name: child.returncode for name, child in self._children.items() if child.poll() is not None}

    def running(self) -> int:
        """Count the children still at work."""
        return len(self._children) - len(self.ended())

    def forget(self, name: str) -> None:
        """Leave a child that is over out of the group."""
        self._children.pop(name)

    def wait_for_one(self, seconds: float | None = None) -> dict[str, int]:
        """Wait until a child is over, or for some seconds; give those that are over."""
        until = None if seconds is None else time.monotonic() + seconds
        while self._children and not self.ended() and (until is None or time.monotonic() < until):
            time.sleep(0.1)
        return self.ended()

    def stop(self) -> None:
        """Ask every child to end, wait, and end by force what is left of their process groups."""
        for child in self._children.values():
            _signal(child, signal.SIGTERM)
        until = time.monotonic() + self._grace
        for child in self._children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, until - time.monotonic()))
        for child in self._children.values():
            _signal(child, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            child.wait()
        self._children.clear()


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to a child's whole process group, which may outlive the child itself."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, number)
        else:
            child.send_signal(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`; a second one does not disturb the clearing up."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for one in watched:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped

    watched = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = [signal.signal(one, stop) for one in watched]
    try:
        yield
    finally:
        for one, handler in zip(watched, before, strict=True):
            signal.signal(one, handler)

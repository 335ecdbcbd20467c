# SPDX-License-Identifier: Apache-2.0
"""Running installers: their words go to a log, their end is certain, their failures become one line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

UNREACHABLE = re.compile(
    r"connection refused|connection reset|connection timed out|read timed out|network is unreachable|no route to host|"
    r"temporary failure in name resolution|name or service not known|dns error|getaddrinfo failed|"
    r"invalid peer certificate: \w+|\w[\w -]*certificate[\w -]*|tls handshake[\w ]*|"
    r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|error sending request|\b50[234]\b [\w ]+",
    re.IGNORECASE,
)


def say(text: str) -> None:
    """Tell the user, on standard error."""
    print(f"manage.py: {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Ended:
    """How an installer ended, and what it said."""

    code: int
    words: str

    @property
    def ok(self) -> bool:
        """Tell whether it did its work."""
        return self.code == 0

    @property
    def unreachable(self) -> bool:
        """Tell whether its last words blame the network."""
        return not self.ok and UNREACHABLE.search(self.words) is not None

    @property
    def reason(self) -> str:
        """Give the words that blame the network, else the last line that names an error, else the last line."""
        blamed = UNREACHABLE.search(self.words)
        if blamed:
            return blamed[0].strip()
        lines = [line.strip() for line in self.words.splitlines() if line.strip() and "complete log" not in line]
        named = [line for line in lines if re.search(r"error|cause|fail|cannot", line, re.IGNORECASE)]
        return ((named or lines or [f"exit {self.code}"])[-1])[:200]


def run(arguments: Sequence[str | Path], *, log: Path, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a program in a process group of its own; interrupted, end the whole group.

    Parameters
    ----------
    arguments
        The program and what it is given.
    log
        File that its output is added to.
    cwd
        Folder to run in.
    environment
        Variables that replace the caller's of the same name.
    """
    command = [str(argument) for argument in arguments]
    try:
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Ended(127, str(error))
    try:
        words = child.communicate()[0].decode("utf-8", "replace")
    except BaseException:
        _end(child)
        raise
    with log.open("a", encoding="utf-8") as kept:
        kept.write(f"$ {' '.join(command)}\n{words}\n")
    return Ended(child.returncode, words)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a child with all its own children."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


@contextmanager
def interruptible() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, so that what was started is ended too."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

# SPDX-License-Identifier: Apache-2.0
"""Build and run ffmpeg: one demuxer, plain files only, fixed threads, no times and no names in what it writes."""

from __future__ import annotations

import functools
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from digitize import programs
from digitize.errors import Refusal, StepFailure

# The demuxer is never guessed: a playlist that calls itself .mp4 is read as MP4, and fails.
DEMUXERS = {
    "wav": "wav", "flac": "flac", "mp3": "mp3", "ogg": "ogg", "aiff": "aiff", "mp4": "mov", "matroska": "matroska", "avi": "avi",
}  # fmt: skip
THREADS = 2
_PROTOCOLS = "file,pipe"
_PIXELS = 8192 * 4608
_LOG_BYTES = 1 << 20
_SHORT = ("Cannot allocate memory", "No space left", "Resource temporarily unavailable", "File too large")
# What makes a file depend on nothing but its content.
EXACT: dict[str, Any] = {"fflags": "+bitexact", "flags:v": "+bitexact", "flags:a": "+bitexact", "map_metadata": -1, "map_chapters": -1}


def builder() -> ModuleType:
    """Import ffmpeg-python, which has no types of its own."""
    return import_module("ffmpeg")


def found() -> Path | None:
    """Give ffmpeg's place, or None where this step may not or cannot use it."""
    return programs.find("ffmpeg")


def needed(name: str, form: str) -> Path:
    """Give ffmpeg's place.

    Raises
    ------
    StepFailure
        ``media.no-ffmpeg``, which names the mend.
    """
    path = found()
    if path is None:
        raise StepFailure("media.no-ffmpeg", name=name, format=form.upper())
    return path


def source(path: Path, form: str, **options: Any) -> Any:
    """Begin a command with a file of a known format.

    Returns
    -------
    ffmpeg-python's input stream.
    """
    safe = {"f": DEMUXERS[form], "protocol_whitelist": _PROTOCOLS, "threads": THREADS, "max_pixels": _PIXELS}
    return builder().input(str(path), **safe, **options)


def output(*streams: Any, to: Path | str, **options: Any) -> Any:
    """End a command with a file, or with ``-`` for the pipe."""
    return builder().output(*streams, str(to), **options)


def _line(node: Any, level: str) -> list[str]:
    """Write the command line."""
    whole = builder().merge_outputs(*node) if isinstance(node, list) else node
    options = ["-nostdin", "-hide_banner", "-nostats", "-v", level, "-filter_threads", "1", "-filter_complex_threads", "1"]
    line: list[str] = whole.compile(cmd=str(found()), overwrite_output=True)
    return [line[0], *options, *line[1:]]


def run(node: Any, *, level: str = "error", asked: bool = False) -> str:
    """Run a command (or several outputs of one) to its end; return what it said, where only that is `asked` for however it ended.

    Raises
    ------
    StepFailure
        ``media.ffmpeg-failed``.
    """
    done = subprocess.run(
        _line(node, level), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **_tied()
    )
    said = done.stderr[-_LOG_BYTES:].decode("utf-8", "replace")
    if done.returncode and not (asked and done.returncode > 0):
        raise failure(done.returncode, said)
    return said


def passed() -> dict[str, Any]:
    """Give the options by which every picture passes once, with its own time; ffmpeg 5.1 renamed one of them, 9 forgot its old name."""
    new = generation(version()) >= 7
    return {"fps_mode" if new else "vsync": "passthrough", "enc_time_base": "demux" if new else -1}


def generation(said: str) -> int:
    """Read the first number of a version; a build from between two versions (``N-…``, ``git-…``) is taken for newer than any."""
    number = re.match(r"n?([0-9]+)\.", said)
    return int(number[1]) if number else sys.maxsize


def complaints(said: str) -> tuple[str, ...]:
    """Take the errors out of what was said at ``level+info``."""
    return tuple(line for line in said.splitlines() if "[error]" in line or "[fatal]" in line)


def failure(status: int, said: str) -> StepFailure:
    """Make the error of an ffmpeg that failed, in its own last words."""
    return StepFailure("media.ffmpeg-failed", status=status, problem=problem(said))


def refused(name: str, error: StepFailure) -> Refusal | StepFailure:
    """Take a failure in decoding for the file's own, unless a signal ended ffmpeg or the machine was short of something."""
    words = str(error.params.get("problem"))
    if int(error.params.get("status", -1)) < 0 or any(short in words for short in _SHORT):
        return error
    return Refusal("media.undecodable", name=name, problem=words)


def problem(said: str) -> str:
    """Give the first line of ffmpeg's words, without addresses of memory and folders of this machine."""
    lines = complaints(said) or [line for line in said.splitlines() if line.strip()]
    return cleaned(lines[0]) if lines else "it said nothing"


def cleaned(line: str) -> str:
    """Take out of a line what differs from run to run."""
    words = [word for word in re.sub(r"\[[^\[\]]*\]", " ", line).split() if not word.startswith("0x") and "/" not in word]
    return " ".join(words)[:160].rstrip(" .:") or "it said nothing"


class Piped:
    """What one ffmpeg writes to us, and its words once it has ended."""

    def __init__(self, process: subprocess.Popen[bytes], words: IO[bytes]) -> None:
        assert process.stdout is not None
        self.out = process.stdout
        self._process, self._words = process, words

    def blocks(self, size: int) -> Iterator[bytes]:
        """Yield blocks of equal size; the last may be shorter."""
        while block := self.out.read(size):
            yield block

    def end(self) -> str:
        """Wait for the end; return what was said."""
        status = self._process.wait()
        self._words.seek(0)
        said = self._words.read(_LOG_BYTES).decode("utf-8", "replace")
        if status:
            raise failure(status, said)
        return said


@contextmanager
def piped(node: Any, *, level: str = "error") -> Iterator[Piped]:
    """Run a command whose output is the pipe; one that is left before its end is ended by its closed pipe."""
    import tempfile

    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(_line(node, level), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=words, **_tied())
        try:
            yield Piped(process, words)
        finally:
            assert process.stdout is not None
            process.stdout.close()
            process.wait()


def _tied() -> dict[str, Any]:
    """Let the program die with this process, however this one ends."""
    return {"preexec_fn": _die_with_parent} if sys.platform.startswith("linux") else {}


def _die_with_parent() -> None:
    """Ask the kernel for the end of this process when its parent ends."""
    from digitize.sandbox import kernel

    kernel.prctl(kernel.PR_SET_PDEATHSIG, int(signal.SIGKILL))


@functools.cache
def encoders() -> frozenset[str]:
    """List the encoders that this ffmpeg has."""
    said = subprocess.run([str(found()), "-hide_banner", "-encoders"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    rows = [line.split() for line in said.stdout.decode("utf-8", "replace").splitlines()]
    return frozenset(row[1] for row in rows if len(row) > 1 and len(row[0]) == 6)


def version() -> str:
    """Give ffmpeg's version, without its copyright."""
    path = found()
    return programs.version(path).removeprefix("ffmpeg version ").partition(" Copyright")[0] if path else ""

# SPDX-License-Identifier: Apache-2.0
"""Start a step's process, listen to it, watch it, end it in time, and say how it went."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from digitize import programs
from digitize.sandbox import watch
from digitize.sandbox.limits import StepLimits
from digitize.sandbox.outcome import DONE, REFUSED, Outcome, state_of_exit

ROOT = Path(__file__).resolve().parents[2]
_TICK = 0.1
_GRACE = 1.0
_LOOK_AT_FOLDER = 2.0
# What a step reads of ours: the code, and the codecs that npm ships as WebAssembly.
_CODE = ("digitize", "vendor", "node_modules/meshoptimizer")

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """One call of a step: its module, folders and parameters; `scratch` is its private temporary folder.

    `programs` are the outside programs that it may start, by name; one that this machine lacks is None.
    """

    run: str
    inputs: Mapping[str, Path]
    out: Path
    scratch: Path
    params: Mapping[str, Any]
    log: Path
    programs: Mapping[str, Path | None] = field(default_factory=dict)


class _Voice:
    """Read the child's lines as a stranger's: bounded, well-formed, of known kinds."""

    def __init__(self, handle: int, *, limit: int, progress: Progress) -> None:
        self._handle, self._limit, self._progress = handle, limit, progress
        self._rest = bytearray()
        self.last: dict[str, Any] = {}
        self.isolation: list[str] = []
        self.too_long = False
        os.set_blocking(handle, False)

    def listen(self, seconds: float) -> bool:
        """Wait for words at most so long; False once the other end is closed."""
        if not select.select([self._handle], [], [], seconds)[0]:
            return True
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._handle, 1 << 16)
            if not data:
                return False
            self._hear(data)
        return True

    def _hear(self, data: bytes) -> None:
        """Take in bytes; every finished line is one message."""
        self._rest += data
        if len(self._rest) > self._limit:
            self.too_long = True
            self._rest.clear()
        while b"\n" in data:
            line, _, rest = bytes(self._rest).partition(b"\n")
            self._rest, data = bytearray(rest), rest
            self._message(line)

    def _message(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict):
            return
        kind = message.get("kind")
        if kind == "progress" and isinstance(message.get("fraction"), int | float):
            self._progress(float(message["fraction"]), str(message.get("message", ""))[:200])
        elif kind == "isolation":
            self.isolation = [str(name) for name in message.get("names", ())]
        elif kind in {"done", "refused", "failed", "memory", "no-isolation"}:
            self.last = message


class _Guard:
    """Compare what the child uses with its bounds; name the one it broke."""

    def __init__(self, pid: int, job: Job, limits: StepLimits) -> None:
        self._pid, self._job, self._limits = pid, job, limits
        self._until = time.monotonic() + limits.wall_seconds
        self._next_folder = time.monotonic() + _LOOK_AT_FOLDER
        self.peak = 0
        self.cpu_seconds = 0.0

    def broken(self) -> str | None:
        """Look once; give the state that a broken bound means."""
        now = time.monotonic()
        if now > self._until:
            return "wall-time"
        used = watch.usage(self._pid)
        self.peak, self.cpu_seconds = max(self.peak, used.memory), max(self.cpu_seconds, used.cpu_seconds)
        if used.memory > self._limits.memory_bytes:
            return "memory"
        if used.threads > self._limits.threads:
            return "processes"
        # The kernel bounds each process by itself; this bounds them together.
        if used.cpu_seconds > self._limits.cpu_seconds + _GRACE:
            return "cpu-time"
        if now > self._next_folder:
            self._next_folder = now + _LOOK_AT_FOLDER
            if watch.folder_bytes(self._job.out) + watch.folder_bytes(self._job.scratch) > self._limits.out_bytes:
                return "file-size"
        return None


def launch(job: Job, limits: StepLimits, progress: Progress) -> Outcome:
    """Run one step in a fresh process to its end.

    An exception of `progress` ends the process and passes on: that is how a caller stops a run.
    """
    started = time.monotonic()
    read_end, write_end = os.pipe()
    try:
        try:
            with job.log.open("wb") as log:
                child = _start(job, limits, log, write_end)
        finally:
            os.close(write_end)
        voice = _Voice(read_end, limit=limits.result_bytes, progress=progress)
        outcome = _until_end(child, voice, job, limits)
    finally:
        os.close(read_end)
    outcome.wall_seconds = round(time.monotonic() - started, 3)
    return outcome


def outside() -> list[str]:
    """Name what is in force from outside the child."""
    return ["process-group", *(["watchdog"] if watch.offered() else [])]


def _start(job: Job, limits: StepLimits, log: IO[bytes], write_end: int) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, with a clean environment."""
    with tempfile.TemporaryFile() as spoken:
        spoken.write(json.dumps(_spoken(job, limits), allow_nan=False).encode())
        spoken.seek(0)
        return subprocess.Popen(
            [sys.executable, "-P", "-s", "-B", "-m", "digitize.child", str(write_end)],
            stdin=spoken,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=job.out,
            env=_environment(job),
            pass_fds=(write_end,),
            start_new_session=True,
        )


def _spoken(job: Job, limits: StepLimits) -> dict[str, Any]:
    """Write the job as the child reads it."""
    return {
        "run": job.run,
        "inputs": {name: str(path) for name, path in job.inputs.items()},
        "out": str(job.out),
        "scratch": str(job.scratch),
        "params": dict(job.params),
        "read": [str(path) for path in (*(ROOT / part for part in _CODE), *limits.readable)],
        "modules": [str(path) for path in limits.readable],
        "programs": [str(path) for path in job.programs.values() if path],
        "limits": limits.as_json(),
        "outside": outside(),
        "parent": os.getpid(),
    }


def _environment(job: Job) -> dict[str, str]:
    """Give the child only what it needs: no secrets, equal hashing, as many threads as there are cores for us."""
    cores = str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), cores)
    places = {"HOME": str(job.scratch), "TMPDIR": str(job.scratch), "PYTHONPATH": str(ROOT), "PATH": os.defpath}
    for name in programs.PROGRAMS:
        places |= programs.environment(name, job.programs.get(name))
    return {**places, **threads, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def _until_end(child: subprocess.Popen[bytes], voice: _Voice, job: Job, limits: StepLimits) -> Outcome:
    """Listen and watch until the child is gone, however it goes; nothing of its group is left behind."""
    guard = _Guard(child.pid, job, limits)
    broken: str | None = None
    next_look = time.monotonic() + _TICK
    try:
        while voice.listen(max(0.0, next_look - time.monotonic())):
            if voice.too_long:
                broken = "bad-result"
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + _TICK
                broken = broken or guard.broken()
            if broken:
                break
        if not broken:
            broken = _wait(child, guard)
    finally:
        _end(child)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return _outcome(child.returncode, used, guard, voice, broken, limits)


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes


def _wait(child: subprocess.Popen[bytes], guard: _Guard) -> str | None:
    """Give a child that has closed its pipe until its bounds to end; leave it unreaped for its bill."""
    while os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        if broken := guard.broken():
            return broken
        time.sleep(0.005)
    return None


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole group; the leader is not reaped yet, so its number cannot belong to anyone else."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _outcome(  # noqa: PLR0917 - what was seen, in the order it was seen
    status: int, used: resource.struct_rusage, seen: _Guard, voice: _Voice, broken: str | None, limits: StepLimits
) -> Outcome:
    """Put together what was seen from outside and what the child said of itself.

    The kernel's own figure (`ru_maxrss`) starts at what the parent used when it forked, so it serves only where nothing else was seen.
    """
    # The kernel bills a process for its children once it has waited for them; those that were killed only the guard has seen.
    cpu_seconds, said = max(used.ru_utime + used.ru_stime, seen.cpu_seconds), voice.last.get("peak")
    peak_bytes = max(seen.peak, said if isinstance(said, int) else 0) or used.ru_maxrss * _RSS_UNIT
    state, name = state_of_exit(status, last=voice.last, cpu_seconds=cpu_seconds, limits=limits)
    if broken:
        state, name = broken, None
    outcome = Outcome(state, signal=name, status=status, cpu_seconds=round(cpu_seconds, 3), peak_bytes=peak_bytes)
    outcome.isolation = sorted([*voice.isolation, *outside()])
    if state == DONE:
        facts = voice.last.get("facts")
        outcome.facts = facts if isinstance(facts, dict) else {}
        if not isinstance(facts, dict):
            outcome.state, outcome.error = "bad-result", "facts must be a JSON object"
    elif state == REFUSED:
        outcome.refusal = {key: voice.last.get(key) for key in ("code", "at", "params")}
    else:
        outcome.error, outcome.where = _text(voice.last.get("error")), _text(voice.last.get("where"))
        outcome.failure = _packed(voice.last) if state == "failed" else None
        outcome.missing = [str(item) for item in voice.last.get("missing", ())]
    return outcome


def _packed(message: dict[str, Any]) -> dict[str, Any] | None:
    """Take a step's own error out of its last message."""
    failure = message.get("failure")
    return failure if isinstance(failure, dict) and failure.get("code") else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)[:500]

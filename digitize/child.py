# SPDX-License-Identifier: Apache-2.0
"""The program of a step's process: lock itself in, run the step, say how it went.

``python -m digitize.child FD`` reads its job as JSON from standard input and writes JSON lines to the descriptor FD.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from digitize.errors import DigitizeError, Refusal
from digitize.sandbox.confine import confine

DONE, REFUSED, FAILED, LOCKED_OUT = 0, 2, 3, 4
_BETWEEN = 0.1


class Channel:
    """The one way out: JSON lines to the parent, progress at most ten times a second."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._last = 0.0

    def send(self, **message: Any) -> None:
        """Write one line, whole."""
        line = memoryview(json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n")
        while line:
            line = line[os.write(self._handle, line) :]

    def progress(self, fraction: float, message: str = "") -> None:
        """Tell how far the step is; what comes too soon after the last one is left out."""
        now = time.monotonic()
        if fraction >= 1 or now - self._last >= _BETWEEN:
            self._last = now
            self.send(kind="progress", fraction=min(max(float(fraction), 0.0), 1.0), message=str(message)[:200])


def main() -> NoReturn:
    """Run the job that stands on standard input; never returns, so that no library's clean-up can crash a finished step."""
    channel = Channel(int(sys.argv[1]))
    job = json.loads(sys.stdin.buffer.read())
    status = _locked_run(job, channel)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _locked_run(job: dict[str, Any], channel: Channel) -> int:
    """Confine this process, then run; demands that are not met end it here."""
    # Last, so that nothing of a plug-in's folder stands in for a module of ours or of Python's.
    sys.path.extend(job["modules"])
    _import_parents(job["run"])
    read = [Path(path) for path in (*job["read"], *job["inputs"].values())]
    run = [Path(path) for path in job["programs"]]
    force = confine(read=read, write=[Path(job["out"]), Path(job["scratch"])], bounds=job["limits"], run=run)
    if os.getppid() != job["parent"]:
        return FAILED  # the runner died before this process asked to die with it
    channel.send(kind="isolation", names=force)
    if missing := sorted(set(job["limits"]["require"]) - {*force, *job["outside"]}):
        channel.send(kind="no-isolation", missing=missing)
        return LOCKED_OUT
    return _run(job, channel)


def _import_parents(module: str) -> None:
    """Import the packages around a step while the folder that holds them may still be listed."""
    parent = module.rpartition(".")[0]
    if parent:
        importlib.import_module(parent)


def _run(job: dict[str, Any], channel: Channel) -> int:
    """Call the step and report its facts, its refusal or its exception."""
    inputs = {name: Path(path) for name, path in job["inputs"].items()}
    try:
        step = importlib.import_module(job["run"])
        facts = step.run(inputs=inputs, out=Path(job["out"]), params=job["params"], progress=channel.progress)
        channel.send(kind="done", facts=facts, peak=_peak())
    except Refusal as refusal:
        channel.send(kind="refused", **refusal.pack())
        return REFUSED
    except MemoryError:
        channel.send(kind="memory")
        return FAILED
    except Exception as error:  # noqa: BLE001 - whatever a step raises is an outcome, not our crash
        traceback.print_exc()
        said = error.pack() if isinstance(error, DigitizeError) else None
        words = f"{type(error).__name__}: {error}"[:500]
        channel.send(kind="failed", error=words, where=_where(error), errno=getattr(error, "errno", None), failure=said)
        return FAILED
    return DONE


def _peak() -> int:
    """Give the most memory this program has had resident, in bytes; 0 where the system does not tell (Linux: proc(5), VmHWM)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _where(error: BaseException) -> str | None:
    """Name the line of ours nearest to the exception, without any folder of this machine."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else None


if __name__ == "__main__":
    main()

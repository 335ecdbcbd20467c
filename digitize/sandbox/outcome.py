# SPDX-License-Identifier: Apache-2.0
"""How a step ended, as recorded, and the error that it means."""

from __future__ import annotations

import errno
import signal
from dataclasses import asdict, dataclass, field
from typing import Any

from digitize.errors import DigitizeError, Refusal, StepFailure
from digitize.sandbox.limits import StepLimits

DONE, REFUSED = "done", "refused"


@dataclass(slots=True)
class Outcome:
    """How one step's process ended.

    Attributes
    ----------
    state
        ``done``, ``refused``, or the part after ``step.`` of the failure's code.
    facts
        What the step returned, only when done.
    refusal
        The packed refusal, only when refused.
    failure
        The packed error where a step failed with one of this room's own.
    signal
        Name of the signal that ended the process, where one did.
    error, where
        The step's exception in words, and file and line of it.
    cpu_seconds, wall_seconds, peak_bytes
        Measured by the system over the process and its descendants.
    isolation
        Names of what was in force.
    """

    state: str
    facts: dict[str, Any] = field(default_factory=dict)
    refusal: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    signal: str | None = None
    status: int | None = None
    error: str | None = None
    where: str | None = None
    missing: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    isolation: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Give the outcome as JSON; what does not apply is left out."""
        return {key: value for key, value in asdict(self).items() if value not in (None, [], {}) or key == "isolation"}

    def to_error(self, step: str, limits: StepLimits) -> DigitizeError | None:
        """Give the error that this outcome means, or None when the step is done."""
        if self.state == DONE:
            return None
        if self.state == REFUSED:
            return Refusal.unpack(self.refusal or {})
        if self.failure:
            failure = StepFailure.unpack(self.failure)
            failure.outcome = self.as_json()
            return failure
        params: dict[str, Any] = {"step": step, "signal": self.signal, "status": self.status, "error": self.error or ""}
        params |= {"limit": _limit(self.state, limits), "missing": ", ".join(self.missing)}
        return StepFailure(f"step.{self.state}", outcome=self.as_json(), at=self.where, **params)


def _limit(state: str, limits: StepLimits) -> int | float | None:
    """Give the bound that a state speaks of."""
    return {
        "memory": limits.memory_bytes,
        "cpu-time": limits.cpu_seconds,
        "wall-time": limits.wall_seconds,
        "file-size": limits.file_bytes,
        "processes": limits.threads,
    }.get(state)


def state_of_exit(status: int, *, last: dict[str, Any], cpu_seconds: float, limits: StepLimits) -> tuple[str, str | None]:
    """Read the way a process ended.

    Parameters
    ----------
    status
        Its exit status; negative for a signal.
    last
        The last of its messages that was no progress.
    cpu_seconds
        What it had used.

    Returns
    -------
    The state, and the signal's name where one ended it.
    """
    if status < 0:
        name = _signal_name(-status)
        if name == "SIGXCPU" or (name == "SIGKILL" and cpu_seconds >= limits.cpu_seconds):
            return "cpu-time", name
        if name == "SIGXFSZ":
            return "file-size", name
        return ("killed" if name in {"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"} else "crashed"), name
    kind = last.get("kind")
    if kind == "failed" and last.get("errno") == errno.EFBIG:
        return "file-size", None
    known = {
        ("done", 0): DONE,
        ("refused", 2): REFUSED,
        ("failed", 3): "failed",
        ("memory", 3): "memory",
        ("no-isolation", 4): "no-isolation",
    }
    return known.get((str(kind), status), "no-result"), None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

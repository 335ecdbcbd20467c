# SPDX-License-Identifier: Apache-2.0
"""How much processor time a step spends on each rendition.

Times differ from run to run: a step returns them as ``timings`` beside its facts and never writes them into its files.
"""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """CPU seconds by role, from its making on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = _spent()

    @contextmanager
    def of(self, role: str) -> Iterator[None]:
        """Count what this process, its threads and the programs it waits for spend inside to a role."""
        begun = _spent()
        try:
            yield
        finally:
            self.seconds[role] = round(self.seconds.get(role, 0.0) + _spent() - begun, 4)

    def spread(self) -> dict[str, float]:
        """Share what was counted to no role evenly among all of them, and return the whole."""
        rest = _spent() - self._begun - sum(self.seconds.values())
        share = max(rest, 0.0) / max(len(self.seconds), 1)
        return {role: round(seconds + share, 4) for role, seconds in self.seconds.items()}


def _spent() -> float:
    """Give the processor time spent so far."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + programs.ru_utime + programs.ru_stime

# SPDX-License-Identifier: Apache-2.0
"""How much processor time a step spends on each rendition.

Times differ from run to run: a step returns them as ``timings`` beside its facts and never writes them into its files.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """CPU seconds by role."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, role: str) -> Iterator[None]:
        """Count what this process and its threads spend inside to a role."""
        begun = time.process_time()
        try:
            yield
        finally:
            self.seconds[role] = round(self.seconds.get(role, 0.0) + time.process_time() - begun, 4)

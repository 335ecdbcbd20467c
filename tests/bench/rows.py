# SPDX-License-Identifier: Apache-2.0
"""A row of a benchmark: our figure, a peer's figure from the same run, and what they count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured work; `peer` is None where nobody else does it."""

    work: str
    ours: float
    peer: float | None
    peer_name: str
    unit: str

    def as_json(self) -> dict[str, Any]:
        """Give the row that scripts rely on; the ratio is ours over the peer's."""
        ratio = round(self.ours / self.peer, 3) if self.peer else None
        return {"work": self.work, "ours": self.ours, "peer": self.peer, "peer_name": self.peer_name, "ratio": ratio, "unit": self.unit}

# SPDX-License-Identifier: Apache-2.0
"""What a chain is to the log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

CONTRACT = Path(__file__).resolve().parent.parent / "contracts" / "Anchor.json"


def contract() -> dict[str, Any]:
    """Give the built contract: `abi`, `bytecode`, and what built it."""
    built: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return built


@dataclass(frozen=True)
class Receipt:
    """Where a head lies on a chain. The genesis hash tells chains apart that count their blocks alike."""

    chain_id: str
    genesis: str
    contract: str
    transaction: str
    block_number: int
    block_hash: str
    ephemeral: bool


class Chain(Protocol):
    """A chain that keeps heads.

    - It MUST import its client only when it is used, and MUST NOT connect before.
    - `submit` MUST return only when the head is in a block, and MUST raise `LedgerError("chain.unreachable")`, which is retryable, where the
      chain does not answer, and `LedgerError("anchor.failed")` where the chain refuses.
    - `submit` of a head that is not larger than the newest one MUST be refused by the chain itself, not only here.
    - `newest` MUST give what the chain says, not what this process remembers.
    - It SHOULD say `ephemeral` where the chain does not outlive the process.
    """

    def submit(self, log_id: bytes, size: int, root: bytes) -> Receipt:
        """Anchor a head and give where it lies; `log_id` and `root` are 32 bytes each."""
        ...

    def newest(self, log_id: bytes) -> tuple[int, bytes]:
        """Give size and root of the newest head that the chain has of a log; (0, 32 zero bytes) where it has none."""
        ...

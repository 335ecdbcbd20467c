# SPDX-License-Identifier: Apache-2.0
"""What the parts of the audit hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.verify import EMPTY_ROOT


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and the leaf concerned where it is one."""

    code: str
    message: str
    leaf: int | None = None


@dataclass(frozen=True)
class History:
    """A checkpoint as its file has it."""

    size: int
    root: bytes
    cosigned: datetime


@dataclass
class FileReport:
    """What the files say: the newest head, all leaves (bytes, and parsed where they are entries), all checkpoints, and what is wrong."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    leaves: list[bytes] = field(default_factory=list)
    entries: list[dict[str, Any] | None] = field(default_factory=list)
    history: dict[int, History] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def say(self, code: str, message: str, leaf: int | None = None) -> None:
        """Note a finding."""
        self.findings.append(Finding(code, message, leaf))

# SPDX-License-Identifier: Apache-2.0
"""The log's shapes on the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class CheckpointOut(Schema):
    """A signed and witnessed head of the log."""

    size: int
    root: str = Field(description="Hex of the root hash (RFC 9162).")
    time: datetime
    note: str = Field(description="The signed note (C2SP tlog-checkpoint) with its cosignatures.")


class ProofOut(Schema):
    """An entry with what proves it; verify it against the policy, not against us."""

    index: int
    leaf: dict[str, Any] = Field(description="The entry as it was hashed: RFC 8785 form of this object.")
    proof: str = Field(description="Inclusion proof (C2SP tlog-proof) under the newest checkpoint.")
    checkpoint: CheckpointOut

# SPDX-License-Identifier: Apache-2.0
"""Supervision's shapes on the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from supervision.queries import Step


class StepOut(Schema):
    """One step of an audit trail."""

    entry: UUID
    kind: str
    time: datetime
    digest: str | None
    facts: dict[str, Any]
    private: str | None = Field(description="Salted commitment to what the log does not say.")
    index: int | None = Field(description="Place in the log; null while it waits for a number.")
    witnessed: bool
    anchored: bool
    ephemeral: bool = Field(description="Anchored on a chain that proves nothing, such as the demo's.")


class TrailOut(Schema):
    """An audit trail, newest first."""

    items: list[StepOut]
    total: int
    limit: int
    offset: int


def step_out(step: Step) -> dict[str, Any]:
    """Describe a step."""
    entry = step.item.entry
    return {
        "entry": entry.uuid,
        "kind": entry.kind,
        "time": entry.time,
        "digest": entry.digest or None,
        "facts": entry.facts,
        "private": entry.private or None,
        "index": entry.index,
        "witnessed": step.witnessed,
        "anchored": step.anchored,
        "ephemeral": step.ephemeral,
    }

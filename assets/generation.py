# SPDX-License-Identifier: Apache-2.0
"""The catalogue's generation: changes whenever anything public changes, costs one `stat` to ask; caches put it into their keys."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction


def _place() -> Path:
    """Give the file whose identity is the generation."""
    place: Path = settings.DATA_DIR / "generation"
    return place


def generation() -> str:
    """Give the catalogue's generation."""
    try:
        found = _place().stat()
    except FileNotFoundError:
        return "0"
    return f"{found.st_ino:x}-{found.st_mtime_ns:x}"


def advance() -> None:
    """Start a new generation once the transaction in progress has committed."""
    transaction.on_commit(_advance)


def _advance() -> None:
    """Replace the file, so that its inode and time change together."""
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".generation-{uuid.uuid4().hex}")
    fresh.touch()
    fresh.replace(place)

# SPDX-License-Identifier: Apache-2.0
"""What a search index promises, and how the configured one is found."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string


class SearchIndex(Protocol):
    """Find published assets by words.

    An index MUST analyse with `assets.search.analysis`, MUST make `write` durable and visible before it returns, and MUST answer the same ids
    as any other index over the same entries. It SHOULD rank matches in titles first.
    """

    def write(self, *, put: Iterable[tuple[UUID, str, str]], drop: Iterable[UUID]) -> None:
        """Put (id, title, text) and drop ids in one commit."""
        ...

    def find(self, query: str, *, most: int) -> list[UUID]:
        """Give the ids that match every run of the query, the best first."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


@lru_cache(maxsize=4)
def _build(alias: str) -> SearchIndex:
    """Make one configured index."""
    entry = settings.SEARCH[alias]
    index: SearchIndex = import_string(entry["BACKEND"])(**entry.get("OPTIONS", {}))
    return index


def default() -> SearchIndex:
    """Give the index that public pages ask."""
    return _build("default")

# SPDX-License-Identifier: Apache-2.0
"""Search of the published catalogue: an outbox row in the publishing transaction, one writer that empties it, one analysis for Chinese."""

from assets.search.base import SearchIndex, default
from assets.search.outbox import forget, rebuild, refresh, remember

__all__ = ["SearchIndex", "default", "forget", "rebuild", "refresh", "remember"]

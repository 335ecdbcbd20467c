# SPDX-License-Identifier: Apache-2.0
"""Content stores: bytes kept and found by CID."""

from assets.stores.base import Store, default

__all__ = ["Store", "default"]

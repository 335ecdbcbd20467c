# SPDX-License-Identifier: Apache-2.0
"""Chains that a head can be anchored on, named by the setting CHAINS: alias, BACKEND, OPTIONS."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from ledger.chains.base import Chain, Receipt

__all__ = ["Chain", "Receipt", "get"]


@cache
def get(alias: str) -> Chain:
    """Give the chain of an alias; one object a process, since an in-process chain lives in it."""
    chosen = settings.CHAINS[alias]
    chain: Chain = import_string(chosen["BACKEND"])(**chosen.get("OPTIONS", {}))
    return chain

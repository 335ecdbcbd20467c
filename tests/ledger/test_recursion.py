# SPDX-License-Identifier: Apache-2.0
"""Anchoring must not change what the rest of the process may do."""

from __future__ import annotations

import sys

from ledger.chains.tester import TesterChain


def test_a_chain_in_this_process_leaves_the_recursion_limit_alone() -> None:
    before = sys.getrecursionlimit()
    assert TesterChain().newest(b"\1" * 32) == (0, b"\0" * 32)
    assert sys.getrecursionlimit() == before

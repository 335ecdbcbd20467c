# SPDX-License-Identifier: Apache-2.0
"""The policy that the site hands out: whose signatures count, and how old they may be."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from ledger import sequencer
from ledger.verify import POLICY_FORMAT, Policy, canonical, parse_policy


def make() -> dict[str, Any]:
    """Give the policy of this instance as JSON; a new instance gets its keys by this.

    Raises
    ------
    LedgerError
        `key.lost` or `witness.state-lost`.
    """
    signer, witness = sequencer.open_keys()
    return {
        "format": POLICY_FORMAT,
        "logs": [signer.key.text],
        "witnesses": [witness.signer().key.text],
        "quorum": 1,
        "max_age": settings.QILU["QILU_POLICY_MAX_AGE"],
    }


def parsed() -> Policy:
    """Give the same policy in the verifier's form."""
    return parse_policy(canonical(make()))

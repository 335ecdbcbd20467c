# SPDX-License-Identifier: Apache-2.0
"""Name a licensee in public without naming the person: a salted commitment that the licensee alone can open."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import rfc8785


def commit(salt: bytes, body: Mapping[str, str]) -> str:
    """Commit to a body.

    Parameters
    ----------
    salt
        32 random bytes; without them the commitment says nothing about the body.
    body
        What is committed to.

    Returns
    -------
    str
        Hex of SHA-256(salt ‖ RFC 8785 form of the body).
    """
    return hashlib.sha256(salt + rfc8785.dumps(dict(body))).hexdigest()


def opens(commitment: str, salt: bytes, body: Mapping[str, str]) -> bool:
    """Tell whether salt and body open a commitment."""
    return hmac.compare_digest(commitment, commit(salt, body))

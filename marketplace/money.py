# SPDX-License-Identifier: Apache-2.0
"""Write amounts for people."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """Write an amount in fen as yuan: grouped by thousands, fen only where there are any."""
    sign, whole, rest = "-" if fen < 0 else "", *divmod(abs(fen), 100)
    return f"{sign}¥{whole:,}" + (f".{rest:02d}" if rest else "")

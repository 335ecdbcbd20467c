# SPDX-License-Identifier: Apache-2.0
"""What can be proved of an asset, and whether it is proved yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assets.queries import Published
from guide import figures
from guide.panels.measured import finest_error
from guide.queries import head_over


@dataclass(frozen=True)
class Proof:
    """The proof of a sealed version.

    Parameters
    ----------
    index
        Number of its entry in the log, None while it has none.
    witnesses
        Names of the keys that cosigned a head covering the entry; empty until then.
    """

    sealed_at: datetime
    cid: str
    index: int | None
    size: int | None
    witnesses: tuple[str, ...]
    mean: str

    @property
    def done(self) -> bool:
        """Tell whether the entry is in the log under a witnessed head; only then the seal turns."""
        return self.size is not None and bool(self.witnesses)


def signers(note: str) -> tuple[str, ...]:
    """Read the key names of a signed note's signature lines, in their order.

    Source: C2SP signed-note; a line is an em dash, a space, the key name, a space, base64.
    """
    _text, _gap, lines = note.rpartition("\n\n")
    return tuple(line.split(" ")[1] for line in lines.splitlines() if line.startswith("— ") and line.count(" ") >= 2)


def proof(published: Published) -> Proof:
    """Look up the proof of a published asset; one query."""
    head = head_over(published.entry)
    error = finest_error(published)
    return Proof(
        sealed_at=published.sealed_at,
        cid=published.cid,
        index=head.index if head else None,
        size=head.size if head else None,
        witnesses=signers(head.note)[1:] if head else (),
        mean=figures.length(error.get("mean"), error.get("unit")) if error.get("mean") is not None else "",
    )

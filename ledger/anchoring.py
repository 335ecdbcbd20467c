# SPDX-License-Identifier: Apache-2.0
"""Anchors the newest head on a chain. Only the worker calls this; a chain that is down blocks nothing."""

from __future__ import annotations

import hashlib
from dataclasses import asdict

from django.utils import timezone

from ledger import chains, sequencer
from ledger.errors import LedgerError
from ledger.models import Anchor, Checkpoint


def log_id() -> bytes:
    """Give the name of this log on any chain: the SHA-256 of its verifier key."""
    return hashlib.sha256(sequencer.open_keys()[0].key.text.encode()).digest()


def _submit(newest: Checkpoint, alias: str) -> Anchor:
    """Submit a head; a failure is an anchor that says why."""
    made = Anchor(size=newest.size, root=newest.root, chain=alias, time=timezone.now())
    try:
        receipt = chains.get(alias).submit(log_id(), newest.size, bytes.fromhex(newest.root))
    except LedgerError as error:
        made.error, made.retryable = f"{error.code}: {error.message}"[:400], error.retryable
    except Exception as error:  # noqa: BLE001 - whatever a chain's client does, the worker goes on; the row says what it was
        made.error, made.retryable = f"chain.unreachable: {type(error).__name__}: {error}"[:400], True
    else:
        for name, value in asdict(receipt).items():
            setattr(made, name, value)
    return made


def anchor(alias: str = "default") -> Anchor | None:
    """Anchor the newest head and give the record of it; None where nothing is new on this chain.

    An ephemeral chain knows nothing of an earlier process, so its last anchor does not count there: the first call of a process anchors.
    """
    newest = Checkpoint.objects.last()
    if newest is None:
        return None
    last = Anchor.objects.filter(chain=alias, error="").last()
    if last and last.size >= newest.size and not (last.ephemeral and alias not in _anchored_here):
        return None
    made = _submit(newest, alias)
    if made.error:
        Anchor.objects.filter(chain=alias, size=newest.size).exclude(error="").delete()  # one row for each head that keeps failing
    else:
        _anchored_here.add(alias)
    made.save()
    return made


_anchored_here: set[str] = set()

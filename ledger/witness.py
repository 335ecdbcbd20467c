# SPDX-License-Identifier: Apache-2.0
"""A witness with its own key and memory: it signs a head only where that extends the one it signed before."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ledger import durable, keys
from ledger.errors import LedgerError
from ledger.verify import (
    EMPTY_ROOT,
    Key,
    TreeHead,
    VerifyError,
    canonical,
    check_signature,
    parse_canonical,
    parse_head,
    parse_note,
    signatures_of,
    verify_consistency,
)


@dataclass(frozen=True)
class Witness:
    """The witness that lives in one folder: `key`, `state.json` (whose log, how many leaves, which root), `lock`."""

    folder: Path

    @classmethod
    def open(cls, log: Key, *, log_is_new: bool) -> Witness:
        """Open the witness of this instance; one is made only for a new log.

        Raises
        ------
        LedgerError
            `witness.state-lost` where its memory is gone, `key.lost` where its key is.
        """
        witness = cls(Path(settings.DATA_DIR) / "witness")
        if not witness.state_path.exists():
            if (witness.folder / "key").exists() or not log_is_new:
                raise LedgerError("witness.state-lost", what="its memory of the log")
            witness.remember(log, TreeHead(log.name, 0, EMPTY_ROOT))
        if not (witness.folder / "key").exists():
            if witness.recall()[1].size:
                raise LedgerError("key.lost", path="witness/key")
            keys.witness_signer(witness.folder / "key", may_make=True)
        return witness

    @property
    def state_path(self) -> Path:
        """Give the place of its memory."""
        return self.folder / "state.json"

    def signer(self) -> keys.Signer:
        """Give its key."""
        return keys.witness_signer(self.folder / "key", may_make=False)

    def remember(self, log: Key, head: TreeHead) -> None:
        """Keep the largest head it has seen, on disk before anything is signed."""
        state = {"log": log.text, "size": head.size, "root": head.root.hex()}
        durable.write(self.state_path, canonical(state), scratch=self.folder / "state.new", mode=0o600)

    def recall(self) -> tuple[Key, TreeHead]:
        """Give the log it watches and the largest head it has seen.

        Raises
        ------
        LedgerError
            `witness.state-lost`.
        """
        try:
            state = parse_canonical(self.state_path.read_bytes())
            log = Key.parse(state["log"])
            return log, TreeHead(log.name, int(state["size"]), bytes.fromhex(state["root"]))
        except (OSError, VerifyError, KeyError, TypeError, ValueError):
            raise LedgerError("witness.state-lost", what="its memory of the log") from None

    def cosign(self, checkpoint: bytes, proof: Sequence[bytes]) -> str:
        """Give a cosignature line for a checkpoint that the log signed.

        Parameters
        ----------
        checkpoint
            The signed note.
        proof
            The consistency proof from the head that `recall` gives.

        Raises
        ------
        LedgerError
            `witness.refused`, where the log's signature, its size or the proof does not hold.
        """
        with durable.locked(self.folder / "lock"):
            log, seen = self.recall()
            try:
                note = parse_note(checkpoint)
                head = parse_head(note.text)
                times = [check_signature(log, note.text, line) for line in signatures_of(note, log)]
            except VerifyError as error:
                raise LedgerError("witness.refused", reason=error.message) from None
            if not times or head.origin != log.name:
                raise LedgerError("witness.refused", reason="the log it watches did not sign")
            if head.size < seen.size:
                raise LedgerError("witness.refused", reason=f"it has seen {seen.size} entries, now there are {head.size}")
            if not verify_consistency(seen.size, seen.root, head.size, head.root, proof):
                raise LedgerError("witness.refused", reason=f"the first {seen.size} entries are not those it has seen")
            self.remember(log, head)
            return self.signer().cosign(note.text, int(time.time()))

# SPDX-License-Identifier: Apache-2.0
"""The log's rows. Files under LOG_DIR are the log; these rows are how the platform finds its way in it."""

from __future__ import annotations

import json
import secrets
import threading
import time as clock
from datetime import UTC, datetime
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.db import models

from ledger import verify
from ledger.errors import LedgerError

_lock, _last = threading.Lock(), [0]


def uuid7() -> UUID:
    """Make a UUID that sorts by time, and within one process strictly after the one before it.

    Source: RFC 9562 section 5.7, with 12 bits of the millisecond's fraction in rand_a (section 6.2, method 3).
    """
    with _lock:
        milliseconds, rest = divmod(clock.time_ns(), 1_000_000)
        _last[0] = ticks = max(_last[0] + 1, milliseconds << 12 | (rest << 12) // 1_000_000)
    high = (ticks >> 12) << 16 | 0x7000 | (ticks & 0xFFF)
    return UUID(int=high << 64 | 0x8000_0000_0000_0000 | secrets.randbits(62))


def _sealed(*_args: object, **_kwargs: object) -> NoReturn:
    """Refuse to change or delete.

    Raises
    ------
    LedgerError
        `sealed`, always.
    """
    raise LedgerError("sealed")


class SealedQuerySet(models.QuerySet[Any]):
    """Rows that can be read and added, nothing else."""

    update = delete = bulk_update = update_or_create = _sealed  # type: ignore[assignment]


class Decoder(json.JSONDecoder):
    """Reads large numbers as the leaf has them, whatever spelling the database gives back."""

    def __init__(self) -> None:
        super().__init__(parse_int=verify.whole_number)


class Sealed(models.Model):
    """A row that is written once. The sequencer alone writes around this, through a plain QuerySet."""

    objects: ClassVar[models.Manager[Any]] = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # Django's signature
        """Insert the row; a second save is refused."""
        if not self._state.adding:
            _sealed()
        super().save(*args, **{**kwargs, "force_insert": True})

    delete = _sealed  # type: ignore[assignment]


class Entry(Sealed):
    """A statement in the log. Every column but `index` is in its leaf; `index` is the leaf's place."""

    uuid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    index = models.BigIntegerField(null=True, unique=True)
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=128)
    digest = models.CharField(max_length=128, blank=True)
    facts = models.JSONField(default=dict, decoder=Decoder)
    time = models.DateTimeField()
    private = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["uuid"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="ledger_entry_subject"),
            models.Index(fields=["kind"], name="ledger_entry_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind} {self.subject_id}"

    @classmethod
    def from_leaf(cls, leaf: dict[str, Any], index: int | None = None) -> Entry:
        """Give the row that a leaf (as parsed JSON) implies, not yet saved."""
        return cls(
            uuid=UUID(leaf["id"]),
            index=index,
            kind=leaf["kind"],
            subject_kind=leaf["subject"]["kind"],
            subject_id=leaf["subject"]["id"],
            digest=leaf["digest"] or "",
            facts=leaf["facts"],
            time=datetime.fromisoformat(leaf["time"]),
            private=leaf["private"] or "",
        )

    @property
    def leaf(self) -> bytes:
        """Give the bytes that the log's tree hashes: canonical JSON of every column but the place."""
        return verify.canonical(
            {
                "v": 1,
                "id": str(self.uuid),
                "kind": self.kind,
                "subject": {"kind": self.subject_kind, "id": self.subject_id},
                "digest": self.digest or None,
                "facts": self.facts,
                "time": self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "private": self.private or None,
            }
        )


class PrivateBody(models.Model):
    """What an entry commits to without showing it: the salt and the canonical JSON. Erasing it keeps every proof valid."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="private_body")
    salt = models.BinaryField()
    body = models.TextField()

    def __str__(self) -> str:
        return f"private body of {self.entry_id}"


class Checkpoint(models.Model):
    """A signed and witnessed head of the log. The text lies in a file; this row is its index."""

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    time = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"

    @property
    def text(self) -> str:
        """Give the signed note, as it stands in the log's files."""
        from ledger.tiles import Tiles

        return Tiles().checkpoint_file(self.size).read_text(encoding="utf-8")


class Anchor(models.Model):
    """An attempt to anchor a head on a chain: where it lies there, or why it failed."""

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    chain = models.CharField(max_length=40)
    chain_id = models.CharField(max_length=80, blank=True)
    genesis = models.CharField(max_length=66, blank=True)
    contract = models.CharField(max_length=42, blank=True)
    transaction = models.CharField(max_length=66, blank=True)
    block_number = models.BigIntegerField(null=True)
    block_hash = models.CharField(max_length=66, blank=True)
    ephemeral = models.BooleanField(default=False)
    error = models.CharField(max_length=400, blank=True)
    retryable = models.BooleanField(default=False)
    time = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["chain", "size"], name="ledger_anchor_chain_size")]

    def __str__(self) -> str:
        return f"{self.size} on {self.chain}: {self.error or self.transaction}"

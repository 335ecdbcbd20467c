# SPDX-License-Identifier: Apache-2.0
"""The verbs that write entries. Numbering them is the sequencer's work, later and outside the transaction."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from ledger import verify
from ledger.enums import Kind
from ledger.errors import LedgerError
from ledger.models import Entry, PrivateBody

NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")  # PostgreSQL's JSON cannot hold U+0000
LEAF_LIMIT = 0xFFFF  # bytes: C2SP tlog-tiles writes a leaf's length in two bytes


def _plain(value: object) -> Any:  # JSON is what it is
    """Give a JSON value as it comes back from any database, with numbers in the form the leaf will have.

    Raises
    ------
    LedgerError
        `entry.value`.
    """
    try:
        text = verify.canonical(value).decode()
    except verify.VerifyError as error:
        raise LedgerError("entry.value", reason=error.message) from None
    if NUL.search(text):
        raise LedgerError("entry.value", reason="a text holds the character U+0000")
    return verify.parse_json(text.encode())


def commitment(salt: bytes, body: str) -> str:
    """Commit to a private body: the hex SHA-256 of the salt (32 bytes) and the canonical JSON."""
    return hashlib.sha256(salt + body.encode()).hexdigest()


def record(
    kind: str,
    *,
    subject_kind: str,
    subject_id: UUID | str,
    digest: str | None = None,
    facts: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
) -> Entry:
    """Record an entry in the caller's transaction; any code may call it, whoever acts.

    Parameters
    ----------
    kind
        What happened, one of `ledger.enums.Kind` or a new dotted word.
    subject_kind, subject_id
        What it happened to.
    digest
        What fixes the content concerned, usually a CID; for `version.publish` and `licence.grant` the CID of the sealed package.
    facts
        Public JSON. It never holds personal data: the log cannot forget.
    private
        JSON that only its salted hash of enters the log; `erase` removes it.

    Raises
    ------
    LedgerError
        `record.outside-transaction`, `entry.value` or `entry.too-large`.
    """
    if not connection.in_atomic_block:
        raise LedgerError("record.outside-transaction")
    body, salt = verify.canonical(_plain(private)).decode(), secrets.token_bytes(32)
    entry = Entry(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        digest=digest or "",
        facts=_plain(facts or {}),
        time=timezone.now(),
        private=commitment(salt, body) if private is not None else "",
    )
    if len(entry.leaf) > LEAF_LIMIT:
        raise LedgerError("entry.too-large", size=len(entry.leaf), limit=LEAF_LIMIT)
    entry.save()
    if private is not None:
        PrivateBody.objects.create(entry=entry, salt=salt, body=body)
    return entry


@transaction.atomic
def erase(entry: Entry) -> Entry:
    """Erase an entry's private body and record that it was erased; the entry's proof stays valid.

    Raises
    ------
    LedgerError
        `entry.private-gone`.
    """
    gone, _ = PrivateBody.objects.filter(entry=entry).delete()
    if not gone:
        raise LedgerError("entry.private-gone", entry=entry.uuid)
    return record(Kind.ERASE_PERSONAL, subject_kind="entry", subject_id=entry.uuid)

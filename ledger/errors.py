# SPDX-License-Identifier: Apache-2.0
"""The room's one error: every refusal of the log, its witness and its anchors."""

from __future__ import annotations

# code: (message, hint, retryable); {names} are filled in where the error is raised.
TEXTS: dict[str, tuple[str, str, bool]] = {
    "anchor.failed": ("the head could not be anchored: {reason}", "nothing is lost; the worker tries again", True),
    "bundle.package": (
        "the package cannot be exported: {reason}",
        "seal the version again, or name only files that fetch.txt lists",
        False,
    ),
    "bundle.proof": ("the bundle would not verify: {reason}", "run `manage.py verify`", False),
    "chain.unreachable": ("the chain does not answer: {reason}", "check CHAINS; anchoring is tried again later", True),
    "entry.private-gone": ("the private body of entry {entry} was erased already", "there is nothing left to erase", False),
    "entry.too-large": (
        "the entry would take {size} bytes, {limit} are the most",
        "put long lists into the package and name it by CID",
        False,
    ),
    "entry.unnumbered": ("entry {entry} has no number yet", "let the sequencer run first", True),
    "entry.value": ("the entry cannot be written: {reason}", "facts are plain JSON: text, numbers, lists, objects", False),
    "key.lost": (
        "the key {path} is missing, yet the log was signed with one",
        "bring it back from the backup; a new key would be a new log",
        False,
    ),
    "key.malformed": ("the key {path} cannot be read", "bring it back from the backup", False),
    "log.busy": ("another process numbers entries and did not finish within {seconds} s", "try again", True),
    "log.forked": (
        "the log's files and the database contradict each other: {reason}",
        "do not go on; see docs on restoring the log",
        False,
    ),
    "log.inside-transaction": ("entries cannot be numbered inside a transaction that may roll back", "commit first", False),
    "log.journal": (
        "the sequencer's journal cannot be finished: {reason}",
        "run `manage.py verify`; bring the files back from the backup",
        False,
    ),
    "log.unreadable": ("the log's files cannot be read: {reason}", "run `manage.py verify`", False),
    "record.outside-transaction": (
        "an entry must be recorded in the transaction of the change it describes",
        "wrap both in atomic()",
        False,
    ),
    "sealed": ("what is in the log is neither changed nor deleted", "record a new entry instead", False),
    "witness.refused": ("the witness does not sign: {reason}", "the log may have been forked; compare its backups", False),
    "witness.state-lost": (
        "the witness has lost {what}",
        "bring its folder back from the backup, or name a new witness in a new policy",
        False,
    ),
}


class LedgerError(Exception):
    """Say what the log refuses, with a stable code, a hint, and whether trying again makes sense."""

    def __init__(self, code: str, **values: object) -> None:
        message, hint, self.retryable = TEXTS[code]
        self.code = code
        self.message = message.format(**values)
        self.hint = hint.format(**values)
        self.at: str | None = None
        super().__init__(f"{code}: {self.message}")

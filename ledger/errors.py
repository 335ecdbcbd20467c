# SPDX-License-Identifier: Apache-2.0
"""The room's one error: every refusal of the log, its witness and its anchors."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# code: (message, hint, retryable); {names} are filled in where the error is raised.
TEXTS: dict[str, tuple[str, str, bool]] = {
    "anchor.failed": (_("the head could not be anchored: {reason}"), _("nothing is lost; the worker tries again"), True),
    "bundle.package": (
        _("the package cannot be exported: {reason}"),
        _("seal the version again, or name only files that fetch.txt lists"),
        False,
    ),
    "bundle.proof": (_("the bundle would not verify: {reason}"), _("run `manage.py verify`"), False),
    "chain.unreachable": (_("the chain does not answer: {reason}"), _("check CHAINS; anchoring is tried again later"), True),
    "entry.private-gone": (_("the private body of entry {entry} was erased already"), _("there is nothing left to erase"), False),
    "entry.too-large": (
        _("the entry would take {size} bytes, {limit} are the most"),
        _("put long lists into the package and name it by CID"),
        False,
    ),
    "entry.unnumbered": (_("entry {entry} has no number yet"), _("let the sequencer run first"), True),
    "entry.value": (_("the entry cannot be written: {reason}"), _("facts are plain JSON: text, numbers, lists, objects"), False),
    "key.lost": (
        _("the key {path} is missing, yet the log was signed with one"),
        _("bring it back from the backup; a new key would be a new log"),
        False,
    ),
    "key.malformed": (_("the key {path} cannot be read"), _("bring it back from the backup"), False),
    "log.busy": (_("another process numbers entries and did not finish within {seconds} s"), _("try again"), True),
    "log.forked": (
        _("the log's files and the database contradict each other: {reason}"),
        _("do not go on; see docs on restoring the log"),
        False,
    ),
    "log.inside-transaction": (_("entries cannot be numbered inside a transaction that may roll back"), _("commit first"), False),
    "log.journal": (
        _("the sequencer's journal cannot be finished: {reason}"),
        _("run `manage.py verify`; bring the files back from the backup"),
        False,
    ),
    "log.unreadable": (_("the log's files cannot be read: {reason}"), _("run `manage.py verify`"), False),
    "record.outside-transaction": (
        _("an entry must be recorded in the transaction of the change it describes"),
        _("wrap both in atomic()"),
        False,
    ),
    "sealed": (_("what is in the log is neither changed nor deleted"), _("record a new entry instead"), False),
    "witness.refused": (_("the witness does not sign: {reason}"), _("the log may have been forked; compare its backups"), False),
    "witness.state-lost": (
        _("the witness has lost {what}"),
        _("bring its folder back from the backup, or name a new witness in a new policy"),
        False,
    ),
}


class LedgerError(Exception):
    """Say what the log refuses, with a stable code, a hint, and whether trying again makes sense."""

    def __init__(self, code: str, **values: object) -> None:
        message, hint, self.retryable = TEXTS[code]
        self.code = code
        self.message = gettext(message).format(**values)
        self.hint = gettext(hint).format(**values)
        self.at: str | None = None
        super().__init__(f"{code}: {self.message}")

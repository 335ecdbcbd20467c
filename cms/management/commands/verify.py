# SPDX-License-Identifier: Apache-2.0
"""Audit the whole log."""

from __future__ import annotations

from typing import Any

from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from assets import audit
from assets.commands import FINDING, OK, QiluCommand
from ledger.audit import Finding
from marketplace import audit as licences


def _licences() -> list[Finding]:
    """Give what is wrong with licences; a database that cannot be read is a finding too."""
    try:
        return list(licences.findings())
    except DatabaseError as error:
        return [Finding("database.unreadable", str(error)[:200])]


class Command(QiluCommand):
    """Hold the log against its own files, the database, the witness, the packages and the licences."""

    help = "Audit the log; exit 1 where anything is wrong."

    def work(self, **_options: Any) -> dict[str, Any]:
        """Audit everything."""
        report = audit.audit()
        report.findings += _licences()
        return audit.as_json(report)

    def status(self, result: dict[str, Any]) -> int:
        """Exit 1 with findings."""
        return OK if result["ok"] else FINDING

    def show(self, result: dict[str, Any]) -> None:
        """Print the findings, or that there are none."""
        for one in result["findings"]:
            leaf = "" if one["leaf"] is None else f" (leaf {one['leaf']})"
            self.stdout.write(f"{one['code']}: {one['message']}{leaf}")
        state = _("nothing found") if result["ok"] else _("%(count)d findings") % {"count": len(result["findings"])}
        self.stdout.write(f"{result['size']} entries, root {result['root']}: {state}")

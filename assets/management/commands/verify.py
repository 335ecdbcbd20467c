# SPDX-License-Identifier: Apache-2.0
"""Audit the whole log."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assets import audit
from assets.commands import FINDING, OK, QiluCommand


class Command(QiluCommand):
    """Hold the log against its own files, the database, the witness and the packages."""

    help = "Audit the log; exit 1 where anything is wrong."

    def work(self, **_options: Any) -> dict[str, Any]:
        """Audit everything."""
        return audit.as_json(audit.audit())

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

# SPDX-License-Identifier: Apache-2.0
"""Look, and leave a trace of having looked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.audit import audit as audit_catalogue
from assets.models import User
from ledger import queries as log
from ledger.domain import record
from ledger.models import Entry
from marketplace.audit import findings
from supervision.errors import SupervisionError
from supervision.models import AuditRun
from supervision.rules import may_supervise

MOST_ENTRIES = 100_000  # beyond this an audit would hold the log up for too long; the command does it
MOST_KEPT = 200


@transaction.atomic
def inspect(*, user: User, subject_kind: str, subject_id: UUID | str, view: str, query: str = "", **facts: Any) -> Entry:
    """Record that someone looks at something, before it is shown.

    Who: supervisors and administrators. Writes: nothing of its own. Entry: `supervise.inspect`; who looked and what was
    typed are private.

    Parameters
    ----------
    subject_kind, subject_id
        What is looked at.
    view
        In which form: `trail`, `proof`, `search`, `overview`, `audit`.
    facts
        Further public facts.

    Raises
    ------
    SupervisionError
        `supervision.not-found` for everyone else, who learns nothing.
    """
    if not may_supervise(user):
        raise SupervisionError("supervision.not-found", _("There is nothing at this address."), status=404)
    private = {"user": str(user.pk), **({"query": query} if query else {})}
    return record(
        "supervise.inspect",
        subject_kind=subject_kind,
        subject_id=subject_id,
        facts={"view": view, "role": user.role, **facts},
        private=private,
    )


def audit(*, user: User) -> AuditRun:
    """Audit the whole log against its files, the database and the packages, and keep what was found.

    Who: supervisors and administrators. Writes: AuditRun. Entry: `supervise.inspect`.

    Raises
    ------
    SupervisionError
        `supervision.not-found`; `audit.too-large` where the command must do it.
    """
    newest = log.checkpoint()
    inspect(user=user, subject_kind="log", subject_id="log", view="audit")
    if newest is not None and newest.size > MOST_ENTRIES:
        raise SupervisionError(
            "audit.too-large", _("The log is too long to be audited from a page."), _("Run `manage.py verify` on the server."), status=422
        )
    report = audit_catalogue()
    report.findings += findings()
    return AuditRun.objects.create(
        started_by=user,
        finished_at=timezone.now(),
        size=report.size,
        root=report.root,
        total=len(report.findings),
        findings=[asdict(one) for one in report.findings[:MOST_KEPT]],
    )

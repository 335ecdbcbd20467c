# SPDX-License-Identifier: Apache-2.0
"""Declare what an original does not say of itself, its unit, upward axis and scale, and digitize it again with that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.models import File
from digitize.preflight.declared import check
from pipelines.domain.uploads import make_run
from pipelines.enums import RunState
from pipelines.models import Run


def declare(*, file: File, declared: Mapping[str, Any]) -> Run:
    """Keep what is declared of an original in place of what was, and start a new run with it.

    Who: a curator of the original's institution. Writes: File, Run, RunStep. Event: ``process.run`` when the run is done; it names what was declared.

    Parameters
    ----------
    declared
        See `digitize.preflight.Intake`; an empty value withdraws what was declared.

    Raises
    ------
    digitize.errors.Refusal
        ``declared.unused`` for what an original of this kind cannot be told, ``declared.unknown``, ``scale.invalid``.
    AssetsError
        ``declared.same`` where nothing changes, ``run.open`` while a run of this original is under way.
    """
    said = {name: value for name, value in declared.items() if value}
    check(said, kind=file.kind)
    with transaction.atomic():
        own = File.objects.select_for_update().get(pk=file.pk)
        if said == own.declared:
            raise AssetsError("declared.same", _("That is declared already."))
        if Run.objects.filter(file=own, state__in=(RunState.WAITING, RunState.RUNNING)).exists():
            raise AssetsError("run.open", _("A run of this original is under way."), _("Wait until it is done."))
        own.declared = said
        own.save(update_fields=["declared"])
        run = make_run(file=own, publish=False, lease=None)
        from pipelines.tasks import run as run_later

        transaction.on_commit(lambda: run_later.enqueue(str(run.pk)))
    return run

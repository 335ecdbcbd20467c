# SPDX-License-Identifier: Apache-2.0
"""Declare what an original does not say of itself, its unit and its upward axis, and digitize it again with that."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.models import File
from digitize.mesh import METRES
from pipelines.domain.uploads import make_run
from pipelines.enums import RunState
from pipelines.models import Run

AXES = ("x", "-x", "y", "-y", "z", "-z")
DECLARABLE: Mapping[str, tuple[str, ...]] = {"unit": tuple(METRES), "up": AXES}
KINDS = frozenset({"mesh", "points", "splats", "motion"})


def declare(*, file: File, declared: Mapping[str, str]) -> Run:
    """Keep what is declared of an original in place of what was, and start a new run with it.

    Who: a curator of the original's institution. Writes: File, Run, RunStep. Event: ``process.run`` when the run is done; it names what was declared.

    Parameters
    ----------
    declared
        Values of `DECLARABLE`; an empty one withdraws what was declared.

    Raises
    ------
    AssetsError
        ``declared.kind`` where the original has no unit and no axis, ``declared.unknown`` for a name or value that is none,
        ``declared.same`` where nothing changes, ``run.open`` while a run of this original is under way.
    """
    if file.kind not in KINDS:
        raise AssetsError("declared.kind", _("This kind of original has neither a unit of length nor an upward axis."))
    said = {name: value for name, value in declared.items() if value}
    for name, value in said.items():
        if value not in DECLARABLE.get(name, ()):
            raise AssetsError(
                "declared.unknown", _("“%(value)s” cannot be declared as %(name)s.") % {"value": value, "name": name}, at=name
            )
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

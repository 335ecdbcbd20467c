# SPDX-License-Identifier: Apache-2.0
"""Tasks of the pipelines: nudges; the Run row is the truth."""

from __future__ import annotations

from django_tasks import task

from pipelines import domain


@task()
def run(run_id: str) -> None:
    """Run a waiting run, if nobody else does."""
    claimed = domain.claim(run_id=run_id)
    if claimed is not None:
        domain.execute(run=claimed)

# SPDX-License-Identifier: Apache-2.0
"""Tasks of the catalogue: fetch rows, call the domain."""

from __future__ import annotations

from django_tasks import task

from assets import domain, search


@task()
def seal(sealing_id: str) -> None:
    """Seal a requested version."""
    domain.seal(sealing_id=sealing_id)
    search.refresh()

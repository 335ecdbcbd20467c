# SPDX-License-Identifier: Apache-2.0
"""Tasks of the marketplace: fetch rows, call the domain."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from marketplace import domain


@task()
def finish(order_id: str) -> None:
    """Do what an order's payment asks for, in case the request that took the notice never came to it."""
    domain.finish(order_id=UUID(order_id))

# SPDX-License-Identifier: Apache-2.0
"""Audit trails on the API, for supervisors; each call is an entry like each look."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Query, Router
from ninja.security import django_auth

from assets.models import User
from supervision import domain, queries
from supervision.rules import may_supervise
from supervision.schemas import TrailOut, step_out

router = Router(tags=["supervision"], auth=django_auth)


@router.get("/trails/{subject_kind}/{uuid:subject}", response=TrailOut, operation_id="get_trail", summary="An audit trail")
def get_trail(
    request: HttpRequest,
    subject_kind: Literal["asset", "licence"],
    subject: UUID,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> dict[str, Any]:
    """List what the log says about an asset or a licence, newest first, with how far each proof reaches."""
    if not isinstance(request.user, User) or not may_supervise(request.user) or not queries.steps(subject_kind, subject):
        raise Http404
    domain.inspect(user=request.user, subject_kind=subject_kind, subject_id=subject, view="trail")
    found = queries.steps(subject_kind, subject)
    return {"items": [step_out(one) for one in found[offset : offset + limit]], "total": len(found), "limit": limit, "offset": offset}

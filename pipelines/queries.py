# SPDX-License-Identifier: Apache-2.0
"""Named reads of uploads and runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assets.models import Asset, Institution
from digitize.errors import DigitizeError
from pipelines.models import Run, Upload


def runs_of(institution: Institution | None) -> QuerySet[Run]:
    """List the runs of an institution, or of all where it is None, newest first."""
    runs = Run.objects.select_related("file__asset__institution").prefetch_related("file__asset__texts")
    return runs if institution is None else runs.filter(file__institution=institution)


def uploads_of(institution: Institution | None) -> QuerySet[Upload]:
    """List the uploads of an institution, or of all where it is None, newest first."""
    uploads = Upload.objects.select_related("asset", "institution", "created_by")
    return uploads if institution is None else uploads.filter(institution=institution)


def run_of(asset: Asset) -> Run | None:
    """Give the newest run of an asset."""
    return Run.objects.filter(file__asset=asset).order_by("-created_at").first()


def run_with_steps(run_id: UUID) -> Run | None:
    """Give a run with its steps."""
    return Run.objects.filter(pk=run_id).select_related("file__asset__institution").prefetch_related("steps").first()


def words(failure: dict[str, Any], language: str) -> tuple[str, str]:
    """Give message and hint of a recorded refusal or failure in a language."""
    packed = failure.get("packed")
    if packed:
        return DigitizeError.unpack(packed).text(language)
    return failure["message"], failure["hint"]

# SPDX-License-Identifier: Apache-2.0
"""Uploads on their way in, and the runs that digitize them. The Run row, with lease and heartbeat, is the truth; tasks are nudges."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pipelines.enums import RunState, StepState, UploadState


class Upload(models.Model):
    """Files arriving in staging (`<QILU_DATA>/staging/<id>/`), hashed as they come; nothing of it is stored before the pre-flight passed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("assets.Institution", models.PROTECT, related_name="+")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, null=True, blank=True, related_name="uploads")
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=12, choices=UploadState, default=UploadState.OPEN)
    bytes = models.BigIntegerField(default=0)
    cid = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200, blank=True, help_text="Title of the asset to be made; empty: from the file's name.")
    publish = models.BooleanField(default=False)
    rescan_of = models.ForeignKey("assets.File", models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.JSONField(null=True, help_text="code, message, hint, retryable, at.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One recipe run over one original."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("assets.File", models.PROTECT, related_name="runs")
    recipe = models.CharField(max_length=40)
    recipe_version = models.PositiveIntegerField()
    recipe_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=RunState, default=RunState.WAITING, db_index=True)
    publish = models.BooleanField(default=False, help_text="Ask for publication when the run is done.")
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    lease_owner = models.CharField(max_length=120, blank=True, help_text="host:pid:start of the process that runs it.")
    heartbeat_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=dict)
    doubts = models.JSONField(default=list)
    failure = models.JSONField(null=True, help_text="code, message, hint, retryable, at and the outcome of the step.")
    cpu_seconds = models.FloatField(default=0)
    peak_bytes = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.recipe} {self.id}"


class RunStep(models.Model):
    """One step of a run, with what was measured; written while it runs, so that progress is visible."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    index = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=StepState, default=StepState.WAITING)
    fraction = models.FloatField(default=0)
    message = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    outcome = models.CharField(
        max_length=40, blank=True, help_text="done, refused, crashed, timeout, memory, killed …, with the signal's name."
    )
    isolation = models.JSONField(default=list)
    cpu_seconds = models.FloatField(default=0)
    peak_bytes = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["run", "index"], name="pipelines_runstep_once")]

    def __str__(self) -> str:
        return self.name

# SPDX-License-Identifier: Apache-2.0
"""What supervision keeps of its own: the outcome of audits. Everything else it reads from the log."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditRun(models.Model):
    """One audit of the whole log and what it found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    finished_at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    total = models.PositiveIntegerField(help_text="How many findings there are; `findings` keeps the first of them.")
    findings = models.JSONField(default=list)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering = ["-finished_at", "id"]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M} · {self.total}"

# SPDX-License-Identifier: Apache-2.0
"""The pipelines' closed vocabularies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UploadState(TextChoices):
    """Where an upload stands."""

    OPEN = "open", _("Arriving")
    RECEIVED = "received", _("Received")
    REFUSED = "refused", _("Refused")


class RunState(TextChoices):
    """Where a run stands. A crash, a time-out and a killed worker are recorded outcomes."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Input refused")
    FAILED = "failed", _("Failed")


class StepState(TextChoices):
    """Where one step of a run stands."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")

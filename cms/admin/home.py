# SPDX-License-Identifier: Apache-2.0
"""The panels of the dashboard: what waits for me, what I am working on, what runs, what went out. Own institution only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.models import TaskState

from assets.enums import AssetState
from assets.models import Asset
from assets.rules import editable
from cms.admin.columns import STATE_TONES, with_thumbnail
from cms.admin.files import rendition_address
from cms.admin.views.runs import OPEN_STATES, own_runs

MOST = 6


def cards(assets: QuerySet[Asset]) -> list[dict[str, Any]]:
    """Give assets with picture and tone, ready to show."""
    found = with_thumbnail(assets).select_related("institution").prefetch_related("texts")[:MOST]
    return [
        {
            "asset": asset,
            "picture": rendition_address(asset.thumbnail) if asset.thumbnail else "",
            "tone": STATE_TONES[AssetState(asset.state)],
        }
        for asset in found
    ]


class OwnPanel(Component):
    """A panel that shows something only where there is something."""

    template_name = "cms_admin/home/assets.html"
    heading: ClassVar[Any]
    empty: ClassVar[Any]
    rows: Callable[[Any], list[Any]]  # what it shows to a user

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Fetch the rows for who is looking."""
        user = parent_context["request"].user
        return {"heading": self.heading, "empty": self.empty, "rows": self.rows(user), "name": type(self).__name__.lower()}


class ReviewPanel(OwnPanel):
    """Drafts that wait for my review."""

    template_name = "cms_admin/home/reviews.html"
    heading = _("Waiting for my review")
    empty = _("Nothing waits for your review.")
    order = 110

    def rows(self, user: Any) -> list[TaskState]:
        """Give the reviews; an object that is gone is not one."""
        states = TaskState.objects.reviewable_by(user).select_related("revision__user", "workflow_state__requested_by")
        return [state for state in states.order_by("-started_at")[:MOST] if state.revision.content_object]


class RunsPanel(OwnPanel):
    """Runs in progress."""

    template_name = "cms_admin/home/runs.html"
    heading = _("Being digitized")
    empty = _("No run is in progress.")
    order = 120

    def rows(self, user: Any) -> list[Any]:
        """Give the open runs with how far they are."""
        runs = own_runs(user).filter(state__in=OPEN_STATES)[:MOST]
        return [{"run": run, "percent": progress_of(run)} for run in runs]


def progress_of(run: Any) -> int:
    """Give the share of a run's steps that are done, in percent."""
    steps = list(run.steps.all())
    done = sum(1.0 if step.state == "done" else step.fraction for step in steps)
    return round(100 * done / len(steps)) if steps else 0


class DraftsPanel(OwnPanel):
    """My drafts."""

    heading = _("My drafts")
    empty = _("You have no drafts.")
    order = 130

    def rows(self, user: Any) -> list[dict[str, Any]]:
        """Give the drafts that this user started."""
        return cards(editable(user).filter(state=AssetState.DRAFT, created_by=user))


class PublishedPanel(OwnPanel):
    """What went out last."""

    heading = _("Recently published")
    empty = _("Nothing is published yet.")
    order = 140

    def rows(self, user: Any) -> list[dict[str, Any]]:
        """Give the newest published assets."""
        return cards(editable(user).filter(state=AssetState.PUBLISHED).order_by("-last_published_at"))


PANELS = (ReviewPanel, RunsPanel, DraftsPanel, PublishedPanel)

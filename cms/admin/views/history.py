# SPDX-License-Identifier: Apache-2.0
"""Who changed what in the own institution's drafts: Wagtail's report names every museum's titles, this one does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from assets.models import Asset
from assets.rules import editable
from cms.admin.crumbs import crumbs

LATEST = 500
SHOWN = 100


def own_entries(user: Any) -> list[dict[str, Any]]:
    """Give the newest changes of drafts this user may see.

    Ids in the log are text and those of assets are not, so the newest entries are read first and narrowed afterwards.
    """
    of_assets = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Asset)).select_related("user")
    newest = list(of_assets.order_by("-timestamp", "-pk")[:LATEST])
    mine = editable(user).prefetch_related("texts").in_bulk({UUID(entry.object_id) for entry in newest})
    found = [{"entry": entry, "asset": asset} for entry in newest if (asset := mine.get(UUID(entry.object_id)))]
    return [{**row, "action": label_of(row["entry"])} for row in found[:SHOWN]]


def label_of(entry: ModelLogEntry) -> str:
    """Give what happened in words, or its plain name where Wagtail has none."""
    formatter = registry.get_formatter(entry)
    return str(formatter.label) if formatter else str(entry.action)


def history(request: HttpRequest) -> HttpResponse:
    """Show the newest changes."""
    context = {"rows": own_entries(request.user), "crumbs": crumbs(("", _("History")))}
    return TemplateResponse(request, "cms_admin/history.html", context)

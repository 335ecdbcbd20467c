# SPDX-License-Identifier: Apache-2.0
"""The annotations of an asset's draft: the model to point at, the list with its texts, and what became of each place."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from assets import domain
from assets.domain.annotate import LONGEST
from assets.errors import AssetsError
from assets.models import Asset, File
from cms.admin.access import person
from cms.admin.annotating import asked_of, levels_of, rows_of, run_of, scans_of
from cms.admin.crumbs import crumbs
from cms.admin.guards import own_asset
from pipelines.enums import RunState

Verb = Callable[..., str]


def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the model and the list."""
    asset = own_asset(request.user, pk)
    return TemplateResponse(request, "cms_admin/annotations/page.html", _context(request, asset))


def _context(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """Give everything the page shows."""
    scans = scans_of(asset)
    scan = next((one for one in scans if str(one.pk) == request.GET.get("scan")), scans[-1] if scans else None)
    title = asset.get_latest_revision_as_object().title
    rows = rows_of(asset)
    thumbnail = scan.renditions.filter(role="thumbnail", current=True).first() if scan else None
    return {
        "asset": asset,
        "title": title,
        "scan": scan,
        "scans": scans,
        "levels": levels_of(scan) if scan else [],
        "rows": rows,
        "run": run_of(scan) if scan else None,
        "metric": bool(scan and _unit(scan)),
        "longest": LONGEST,
        "thumbnail": thumbnail,
        "written": request.POST,
        "crumbs": crumbs(
            (reverse("asset_admin:list"), _("Assets")), (reverse("asset_admin:edit", args=[asset.pk]), title), ("", _("Annotations"))
        ),
    }


def _unit(scan: File) -> str:
    """Give the unit that the scan is known to be in."""
    report = scan.renditions.filter(role="report", current=True).first()
    return str((report.facts.get("unit") if report else "") or "")


def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Give the state of every annotation, for the page to renew itself."""
    asset = own_asset(request.user, pk)
    rows = rows_of(asset)
    runs = [run for scan in scans_of(asset) if (run := run_of(scan))]
    return JsonResponse(
        {
            "open": any(run.state in (RunState.WAITING, RunState.RUNNING) for run in runs),
            "rows": {
                str(row.note.key): {
                    "html": render_to_string("cms_admin/annotations/_state.html", {"row": row, "asset": asset}, request=request),
                    "places": row.places,
                }
                for row in rows
            },
        }
    )


def verb(act: Verb) -> Callable[..., HttpResponse]:
    """Turn a verb on an own asset into a view: what it says becomes a message, what the catalogue refuses too."""

    @require_POST
    @wraps(act)
    def view(request: HttpRequest, pk: UUID, **named: Any) -> HttpResponse:
        asset = own_asset(request.user, pk)
        try:
            said = act(request, asset, **named)
        except AssetsError as refusal:
            if refusal.status == 404:
                raise Http404 from None
            messages.error(request, f"{refusal.message} {refusal.hint}".strip())
            return TemplateResponse(request, "cms_admin/annotations/page.html", _context(request, asset), status=422)
        messages.success(request, said)
        scan = request.POST.get("scan", "")
        return redirect(reverse("annotation_admin:page", args=[asset.pk]) + (f"?scan={scan}" if len(scans_of(asset)) > 1 and scan else ""))

    return view


def _scan(request: HttpRequest, asset: Asset) -> File:
    """Give the scan that a form points at.

    Raises
    ------
    AssetsError
        ``annotation.no-surface``.
    """
    found = next((one for one in scans_of(asset) if str(one.pk) == request.POST.get("scan")), None)
    if found is None:
        raise AssetsError("annotation.no-surface", _("There is no model of this file to hang an annotation on."))
    return found


def _words(request: HttpRequest) -> dict[str, Any]:
    """Give the words of a form, and whether the public may read them."""
    return {"texts": {name: request.POST.get(name, "") for name in LONGEST}, "shown": "shown" in request.POST}


@verb
def add(request: HttpRequest, asset: Asset) -> str:
    """Annotate the place that was pointed at."""
    from pipelines.domain import pin_annotation  # brings the processing of files with it

    pin_annotation(asset=asset, user=person(request), file=_scan(request, asset), asked=asked_of(request.POST), **_words(request))
    return _("The annotation is in the draft; its place is being settled.")


@verb
def write(request: HttpRequest, asset: Asset, key: UUID) -> str:
    """Write an annotation's words."""
    domain.describe_annotation(asset=asset, user=person(request), key=key, **_words(request))
    return _("The annotation is saved in the draft.")


@verb
def move(request: HttpRequest, asset: Asset, key: UUID) -> str:
    """Hang an annotation on the place that was pointed at."""
    from pipelines.domain import repin_annotation

    repin_annotation(asset=asset, user=person(request), key=key, file=_scan(request, asset), asked=asked_of(request.POST))
    return _("The annotation is moved; its new place is being settled.")


@verb
def shift(request: HttpRequest, asset: Asset, key: UUID) -> str:
    """Bring an annotation forward or back."""
    domain.shift_annotation(asset=asset, user=person(request), key=key, by=-1 if request.POST.get("to") == "front" else 1)
    return _("The order is changed.")


@verb
def remove(request: HttpRequest, asset: Asset, key: UUID) -> str:
    """Take an annotation out of the draft."""
    domain.remove_annotation(asset=asset, user=person(request), key=key)
    return _("The annotation is taken out of the draft; sealed versions keep it.")


@verb
def confirm(request: HttpRequest, asset: Asset, key: UUID) -> str:
    """Confirm the place that an annotation was carried to."""
    domain.confirm_annotation(asset=asset, user=person(request), key=key)
    return _("The place on the newer scan is confirmed.")


@verb
def again(_request: HttpRequest, asset: Asset) -> str:
    """Have all places looked for again: carried to the newest scan, found on its levels."""
    from pipelines.domain import follow_up

    for scan in scans_of(asset):
        follow_up(file=scan, publish=False)
    return _("All places are being looked for again.")


urlpatterns = [
    path("<uuid:pk>/", page, name="page"),
    path("<uuid:pk>/state.json", state, name="state"),
    path("<uuid:pk>/add/", add, name="add"),
    path("<uuid:pk>/again/", again, name="again"),
    path("<uuid:pk>/<uuid:key>/write/", write, name="write"),
    path("<uuid:pk>/<uuid:key>/move/", move, name="move"),
    path("<uuid:pk>/<uuid:key>/shift/", shift, name="shift"),
    path("<uuid:pk>/<uuid:key>/remove/", remove, name="remove"),
    path("<uuid:pk>/<uuid:key>/confirm/", confirm, name="confirm"),
]

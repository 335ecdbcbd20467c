# SPDX-License-Identifier: Apache-2.0
"""Runs: what is being digitized, what was measured on the way, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator

from assets.errors import AssetsError
from assets.rules import editable
from cms.admin.crumbs import crumbs
from cms.admin.declaring import FIELD_OF, DeclareAgainForm
from cms.admin.files import serve_draft, serve_rendition
from cms.admin.measured import declaring_of, doubts_of, in_words, isolation_of, judged, renditions_of, steps_of
from cms.admin.refusals import sentence
from digitize.errors import DigitizeError
from digitize.recipe import ANCHORS
from pipelines.enums import RunState
from pipelines.models import Run

PER_PAGE = 20
OPEN_STATES = (RunState.WAITING, RunState.RUNNING)


def own_runs(user: Any) -> QuerySet[Run]:
    """Give the runs over assets of the own institution."""
    found = Run.objects.filter(file__asset__in=editable(user))
    return found.select_related("file__asset__institution").prefetch_related("file__asset__texts", "steps")


def own_run(user: Any, pk: UUID) -> Run:
    """Fetch one run of the own institution.

    Raises
    ------
    Http404
        Where there is none, or it is another institution's.
    """
    run = own_runs(user).filter(pk=pk).first()
    if run is None:
        raise Http404
    return run


def index(request: HttpRequest) -> HttpResponse:
    """List runs, newest first."""
    page = WagtailPaginator(own_runs(request.user), PER_PAGE).get_page(request.GET.get("p"))
    return TemplateResponse(request, "cms_admin/runs/index.html", {"page": page, "crumbs": crumbs(("", _("Runs")))})


def context_of(run: Run, posted: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give everything the page of a run shows; `posted` is what was typed into its form."""
    pins = run.recipe == ANCHORS  # such a run makes no renditions
    done = run.state == RunState.DONE and not pins
    renditions = renditions_of(run) if done else []
    return {
        "run": run,
        "asset": run.file.asset,
        "steps": steps_of(run),
        "isolation": isolation_of(run),
        "failure": in_words(run.failure),
        "doubts": doubts_of(run),
        "declaring": None if pins else declaring_of(run, posted),
        "annotatable": pins or any(row["row"].role == "lod-0" for row in renditions),
        "open": run.state in OPEN_STATES,
        **(judged(run) if done else {}),
        "renditions": renditions,
    }


def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one run; while it is open the page keeps itself fresh."""
    run = own_run(request.user, pk)
    return _page(request, run, context_of(run))


def _page(request: HttpRequest, run: Run, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a run."""
    way = crumbs((reverse("run_admin:list"), _("Runs")), ("", run.file.asset.title or run.file.name))
    return TemplateResponse(request, "cms_admin/runs/detail.html", {**context, "crumbs": way}, status=status)


def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Give the run's present state and the part of the page that shows it."""
    run = own_run(request.user, pk)
    context = context_of(run)
    html = render_to_string("cms_admin/runs/_state.html", context, request=request)
    return JsonResponse({"state": run.state, "open": context["open"], "html": html})


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a failed run up again where it stopped."""
    from pipelines.domain import retry  # brings the processing of files with it

    run = own_run(request.user, pk)
    try:
        retry(run=run)
    except AssetsError as refusal:
        messages.error(request, f"{refusal.message} {refusal.hint}".strip())
    else:
        messages.success(request, _("The run goes on where it stopped."))
    return redirect("run_admin:detail", pk)


@require_POST
def declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm the upward axis or state unit and scale of a run's original, and digitize it again; what is wrong is said beside its field."""
    from pipelines.domain import declare as start  # brings the processing of files with it

    run = own_run(request.user, pk)
    context = context_of(run, request.POST)
    if context["declaring"] is None:
        messages.error(request, _("Of this original nothing can be declared now."))
        return redirect("run_admin:detail", pk)
    form: DeclareAgainForm = context["declaring"]["form"]
    if not form.is_valid():
        return _page(request, run, context, status=422)
    try:
        new = start(file=run.file, declared=form.declared())
    except (AssetsError, DigitizeError) as refusal:
        form.add_error(FIELD_OF.get(refusal.at or ""), sentence(refusal))
        return _page(request, run, context, status=422)
    messages.success(request, _("It is digitized again with what you declared."))
    return redirect("run_admin:detail", new.pk)


urlpatterns = [
    path("", index, name="list"),
    path("renditions/<uuid:pk>/", serve_rendition, name="rendition"),
    path("drafts/<uuid:asset>/<str:cid>/<str:name>", serve_draft, name="draft"),
    path("drafts/<uuid:asset>/<str:cid>/<str:name>/<path:member>", serve_draft, name="draft_member"),
    path("<uuid:pk>/", detail, name="detail"),
    path("<uuid:pk>/state.json", state, name="state"),
    path("<uuid:pk>/declare/", declare, name="declare"),
    path("<uuid:pk>/retry/", again, name="retry"),
]

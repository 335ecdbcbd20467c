# SPDX-License-Identifier: Apache-2.0
"""The supervisor's pages. Whoever is not one finds nothing here; every look is an entry of the log."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assets.models import User
from assets.queries import Published, published
from ledger.models import Entry, PrivateBody
from ledger.proofs import proof
from marketplace import queries as market
from supervision import domain, present, queries
from supervision.errors import SupervisionError
from supervision.rules import may_supervise

PAGE = 50
View = Callable[..., HttpResponse]


def guarded(view: View) -> View:
    """Let supervisors in and tell everyone else that there is nothing."""

    @wraps(view)
    @never_cache
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not may_supervise(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def supervisor(request: HttpRequest) -> User:
    """Give the account of a view that `guarded` guards."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
@guarded
def overview(request: HttpRequest) -> HttpResponse:
    """Show the state of the log, and find what to look at."""
    words = request.GET.get("q", "").strip()[:200]
    hits = queries.search(words)
    if words:
        domain.inspect(user=supervisor(request), subject_kind="log", subject_id="log", view="search", query=words, results=len(hits))
    else:
        domain.inspect(user=supervisor(request), subject_kind="log", subject_id="log", view="overview")
    state = queries.overview()
    context = {
        "overview": state,
        "q": words,
        "hits": [{"hit": hit, "title": _title(hit.version)} for hit in hits],
        "too_long": state.entries > domain.MOST_ENTRIES,
        "section": "supervision",
    }
    return render(request, "supervision/overview.html", context)


@require_safe
@guarded
def asset(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """Show the trail of an asset and the licences granted of it."""
    if not Entry.objects.filter(subject_kind="asset", subject_id=str(asset_id)).exists():
        raise Http404
    version = published(asset_id)
    licences = [{"licence": one, "state": one.current_state} for one in market.licences_granted(asset_id)[:PAGE]]
    return _trail(request, "asset", asset_id, {"title": _title(version), "version": version, "licences": licences})


@require_safe
@guarded
def licence(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Show the trail of a licence."""
    found = market.licence(licence_id)
    if found is None:
        raise Http404
    context = {"title": _title(market.licensed_version(found)), "licence": found, "state": found.current_state}
    return _trail(request, "licence", licence_id, context)


def _trail(request: HttpRequest, kind: str, subject_id: UUID, context: dict[str, object]) -> HttpResponse:
    """Record the look, then show a subject's trail."""
    domain.inspect(user=supervisor(request), subject_kind=kind, subject_id=subject_id, view="trail")
    looks = request.GET.get("looks") != "0"
    steps = [step for step in queries.steps(kind, subject_id) if looks or step.item.kind != "supervise.inspect"]
    page = Paginator(steps, PAGE).get_page(request.GET.get("page"))
    rows = [
        {"step": step, "what": present.what(step.item.kind), "who": present.who(step.item.entry), "facts": present.facts(step.item.entry)}
        for step in page
    ]
    shared = {"kind": kind, "subject": subject_id, "rows": rows, "page": page, "looks": looks, "section": "supervision"}
    return render(request, "supervision/trail.html", {**context, **shared})


@require_safe
@guarded
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one entry and what proves it."""
    found = _entry(request, entry_id)
    shown = proof(entry_id)
    context = {
        "entry": found,
        "what": present.what(found.kind),
        "who": present.who(found),
        "facts": present.facts(found),
        "proof": shown,
        "leaf": present.pretty(shown.leaf) if shown else "",
        "erased": bool(found.private) and not PrivateBody.objects.filter(entry=found).exists(),
        "section": "supervision",
    }
    return render(request, "supervision/entry.html", context)


@require_safe
@guarded
def entry_proof(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Give an entry's inclusion proof as the file that other verifiers read (C2SP tlog-proof)."""
    _entry(request, entry_id)
    shown = proof(entry_id)
    if shown is None:
        raise Http404
    answer = HttpResponse(shown.text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{shown.index}.tlog-proof"'
    return answer


def _entry(request: HttpRequest, entry_id: UUID) -> Entry:
    """Give an entry, having recorded that it is looked at."""
    found: Entry | None = Entry.objects.filter(uuid=entry_id).first()
    if found is None:
        raise Http404
    domain.inspect(
        user=supervisor(request), subject_kind=found.subject_kind, subject_id=found.subject_id, view="proof", entry=str(entry_id)
    )
    return found


@require_POST
@guarded
def audit(request: HttpRequest) -> HttpResponse:
    """Audit the whole log."""
    try:
        done = domain.audit(user=supervisor(request))
    except SupervisionError as problem:
        messages.error(request, f"{problem.message} {problem.hint}")
        return redirect("supervision:overview")
    messages.success(request, _("Audited: %(count)d findings.") % {"count": done.total})
    return redirect("supervision:overview")


def _title(version: Published | None) -> str:
    """Give a title in the language in use, or nothing for what was never published."""
    return version.title("zh-hans" if (get_language() or "").startswith("zh") else "en") if version else ""

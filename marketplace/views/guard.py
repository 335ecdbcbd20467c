# SPDX-License-Identifier: Apache-2.0
"""Turn what the verbs refuse into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from assets.models import User
from marketplace.errors import MarketplaceError

View = Callable[..., HttpResponseBase]


def explained(view: View) -> View:
    """Answer a refusal with a page that says what went wrong and what to do; what is not there stays not there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except MarketplaceError as problem:
            if problem.status == 404:
                raise Http404(problem.code) from problem
            return refusal(request, problem)

    return answer


def refusal(request: HttpRequest, problem: MarketplaceError) -> HttpResponse:
    """Render a refusal with its status."""
    return render(request, "marketplace/refused.html", {"problem": problem, "section": "licences"}, status=problem.status)


def account(request: HttpRequest) -> User:
    """Give the account of a view that `login_required` guards."""
    assert isinstance(request.user, User)
    return request.user

# SPDX-License-Identifier: Apache-2.0
"""Every refusal of the API in one shape: problem details (RFC 9457) with our code, hint and whether trying again helps."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import update_wrapper
from http import HTTPStatus
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, re_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from assets.errors import AssetsError
from digitize.errors import DigitizeError
from ledger.errors import LedgerError
from marketplace.errors import MarketplaceError
from supervision.errors import SupervisionError

log = logging.getLogger("qilu.api")
MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[str, int] = {
    "access.denied": 404,  # whoever has no right learns nothing
    "access.no-such-file": 404,
    "asset.withdrawn": 410,
    "duplicate": 409,
    "package.missing": 503,
    "publish.forbidden": 403,
    "quota.exceeded": 413,
}


class Explained(Protocol):
    """What every room's error carries."""

    code: str
    message: str | Promise
    hint: str | Promise
    retryable: bool


def problem(
    request: HttpRequest, status: int, code: str, detail: str, hint: str = "", *, retryable: bool = False, **extra: object
) -> HttpResponse:
    """Write a problem: type, title, status, detail and instance as RFC 9457 has them, and code, hint, retryable as our own."""
    body = {
        "type": f"urn:qilu:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "hint": hint,
        "retryable": retryable,
        "instance": request.get_full_path(),
        **{name: value for name, value in extra.items() if value is not None},
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer["Cache-Control"] = "no-store"
    return answer


def status_of(error: Explained) -> int:
    """Give the HTTP status of a room's error: its own, else the table's, else by whether trying again helps."""
    own = getattr(error, "status", None)
    return int(own or STATUS.get(error.code, 503 if error.retryable else 422))


def explained(request: HttpRequest, error: Explained) -> HttpResponse:
    """Answer with what a room refused."""
    at = getattr(error, "at", None)
    return problem(request, status_of(error), error.code, str(error.message), str(error.hint), retryable=error.retryable, at=at)


def register(api: NinjaAPI) -> None:
    """Have the API answer every error as a problem, the unexpected included."""
    answers: dict[type[Exception], Callable[..., HttpResponse]] = {
        **dict.fromkeys((AssetsError, DigitizeError, LedgerError, MarketplaceError, SupervisionError), explained),
        ValidationError: _invalid,
        AuthenticationError: _unauthenticated,
        Http404: _not_found,
        HttpError: _http,
        Exception: _unexpected,
    }
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say which values do not fit, and where they stand."""
    wrong = [{"at": ".".join(str(step) for step in one["loc"]), "message": one["msg"]} for one in error.errors]
    return problem(
        request, 422, "request.invalid", _("Some values do not fit."), _("See `errors`, and openapi.json for what fits."), errors=wrong
    )


def _unauthenticated(request: HttpRequest, _error: Exception) -> HttpResponse:
    """Say that one must log in."""
    return problem(request, 401, "request.unauthenticated", _("This needs an account."), _("Log in on the site; the API uses its session."))


def _not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    """Say that nothing is there."""
    return problem(request, 404, "request.not-found", _("There is nothing at this address."), _("See openapi.json for what there is."))


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what ninja itself refuses: unreadable bodies, a missing CSRF token."""
    code = "request.forbidden" if error.status_code == HTTPStatus.FORBIDDEN else "request.refused"
    return problem(request, error.status_code, code, error.message)


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """Own a fault without telling its insides."""
    log.error("unexpected error at %s", request.path, exc_info=error)
    return problem(
        request, 500, "internal", _("Something went wrong on our side."), _("It has been noted; try again later."), retryable=True
    )


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Wrap one address of the API: answer HEAD like GET without a body, and 405 as a problem."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # whatever the address captures
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        response = view(request, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = response["Allow"]
            response = problem(
                request, 405, "request.method", _("This method does not go here."), _("Allowed: %(methods)s") % {"methods": allowed}
            )
            response["Allow"] = allowed
        if head and isinstance(response, HttpResponse):
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    update_wrapper(answer, view, assigned=("__doc__", "csrf_exempt"), updated=())
    answer.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    return answer


Patterns = tuple[list[URLResolver | URLPattern], str, str]


def wrapped(addresses: Patterns) -> Patterns:
    """Guard every address of the API and add one that catches all others."""
    patterns, app, namespace = addresses
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = guarded(pattern.callback)
    return [*patterns, re_path(r"^.*$", guarded(lambda request: _not_found(request, Http404())))], app, namespace

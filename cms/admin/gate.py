# SPDX-License-Identifier: Apache-2.0
"""One gate before every admin address: a curator passes where the list says so, and finds nothing anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.defaults import page_not_found

from cms.admin.access import works_here

# What a curator may open. Each of these narrows itself to the own institution; whatever Wagtail or a plug-in adds stays shut.
OPEN_NAMES = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_account",
        "wagtailadmin_logout",
        "wagtailadmin_login",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "history",
    }
)
OPEN_NAMESPACES = ("asset_admin", "asset_chooser", "upload_admin", "run_admin", "annotation_admin")

View = Callable[..., HttpResponseBase]


def is_open(view_name: str) -> bool:
    """Tell whether a curator may open the address of this name."""
    namespace, _, _ = view_name.rpartition(":")
    return view_name in OPEN_NAMES or namespace in OPEN_NAMESPACES


def gate(view: View) -> View:
    """Answer 404 to a curator at every address that is not on the list."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        match = request.resolver_match
        name = match.view_name if match else ""
        if works_here(request.user) and not request.user.is_superuser and not is_open(name):
            return page_not_found(request, Exception(), template_name="wagtailadmin/404.html")
        return view(request, *args, **kwargs)

    return guarded

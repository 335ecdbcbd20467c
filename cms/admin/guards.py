# SPDX-License-Identifier: Apache-2.0
"""The mixin before every view of the asset's viewset: not yours means not there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import TaskState, WorkflowState

from assets.errors import AssetsError
from assets.models import Asset
from assets.rules import editable
from cms.admin.access import works_here

OWNED_BY_WORKFLOW = {"task_state_id": (TaskState, "workflow_state__object_id"), "workflow_state_id": (WorkflowState, "object_id")}


def own_asset(user: Any, pk: object) -> Asset:
    """Fetch an asset of the own institution.

    Raises
    ------
    Http404
        Where there is none, or it is another institution's.
    """
    try:
        key = UUID(unquote(str(pk)))
    except ValueError:
        raise Http404 from None
    asset = editable(user).filter(pk=key).first()
    if asset is None:
        raise Http404
    return asset


def check_states(asset: Asset, kwargs: dict[str, Any]) -> None:
    """Refuse a workflow or task state that belongs to another object; Wagtail takes any number that the address names.

    Raises
    ------
    Http404
        Where the state is not one of this asset.
    """
    for name, (model, path) in OWNED_BY_WORKFLOW.items():
        if name in kwargs and not model.objects.filter(pk=kwargs[name], **{path: str(asset.pk)}).exists():
            raise Http404


class Guard:
    """Check the object before anything of the view runs, and turn the catalogue's refusals into messages."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Refuse strangers, then set the view up.

        Raises
        ------
        PermissionDenied
            Where the user has no business in the admin.
        Http404
            Where the object is not of the user's institution.
        """
        if not works_here(request.user):
            raise PermissionDenied
        if "pk" in kwargs:
            asset = own_asset(request.user, kwargs["pk"])
            check_states(asset, kwargs)
        super().setup(request, *args, **kwargs)  # type: ignore[misc] # the view stands behind

    def get_page_subtitle(self) -> Any:
        """Name the asset in the language of the page; Wagtail names it in the language it was last saved in."""
        shown = getattr(self, "object", None)
        return shown.title if isinstance(shown, Asset) and shown.title else super().get_page_subtitle()  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the view; what the catalogue refuses becomes a message on the page it came from."""
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except AssetsError as error:
            return refused(request, error, kwargs.get("pk"))
        return response


def refused(request: HttpRequest, error: AssetsError, pk: object) -> HttpResponseBase:
    """Say what was refused and what to do."""
    if not request.accepts("text/html"):
        body = {"success": False, "error_code": error.code, "error_message": f"{error.message} {error.hint}".strip()}
        return JsonResponse(body, status=400)
    messages.error(request, f"{error.message} {error.hint}".strip())
    if pk is None:
        return redirect("asset_admin:list")
    return redirect(reverse("asset_admin:edit", args=[quote(str(pk))]))


def guarded(view_class: type) -> type:
    """Put the guard before a view class."""
    if issubclass(view_class, Guard):
        return view_class
    return type(view_class.__name__, (Guard, view_class), {"__module__": view_class.__module__})

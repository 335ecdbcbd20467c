# SPDX-License-Identifier: Apache-2.0
"""The upload form, and the list of what came in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator

from assets.errors import AssetsError
from cms.admin.access import institutions, may_publish_alone, person, works_here
from cms.admin.crumbs import crumbs
from cms.admin.declaring import FIELD_OF
from cms.admin.forms import UploadForm
from cms.admin.measured import in_words
from cms.admin.refusals import sentence, told
from cms.admin.taken import accept, kinds
from cms.admin.uploads import parts_of, staging_of
from digitize.errors import DigitizeError
from pipelines.models import Run, Upload

PER_PAGE = 20


def own_uploads(user: Any) -> QuerySet[Upload]:
    """Give the uploads of the institutions someone works for."""
    return Upload.objects.filter(institution__in=institutions(user)).select_related("asset", "institution").prefetch_related("asset__texts")


def index(request: HttpRequest) -> HttpResponse:
    """List uploads, newest first."""
    page = WagtailPaginator(own_uploads(request.user), PER_PAGE).get_page(request.GET.get("p"))
    for upload in page:
        upload.refusal = in_words(upload.refusal)
    return TemplateResponse(request, "cms_admin/uploads/index.html", {"page": page, "crumbs": crumbs(("", _("Uploads")))})


@csrf_exempt  # the token is checked by `_receive`, once the files have a place to go
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Show the form, or take files in.

    Raises
    ------
    PermissionDenied
        Before a byte is read, where the user does not work here.
    """
    if not works_here(request.user):
        raise PermissionDenied
    if request.method == "GET":
        return _page(request, UploadForm(user=request.user, initial={name: request.GET.get(name) for name in ("asset", "rescan_of")}))
    with staging_of(request):
        return _receive(request)


@csrf_protect
def _receive(request: HttpRequest) -> HttpResponse:
    """Check the form, then hand the files to the pipelines."""
    from pipelines.domain import receive_upload  # brings the processing of files with it

    form = UploadForm(request.POST, user=request.user)
    handler: Any = request.upload_handlers[0]
    try:
        parts = parts_of(request.FILES.getlist("files"), handler)
        if not form.is_valid():
            return _page(request, form, status=422)
        upload = receive_upload(user=person(request), parts=parts, **_wishes(request, form))
    except (AssetsError, DigitizeError) as refusal:
        return _page(request, form, refusal=_placed(form, refusal), status=422)
    run = Run.objects.filter(file__asset=upload.asset, file__cid=upload.cid).latest("created_at")
    messages.success(request, _("“%(name)s” is received; its digitization begins.") % {"name": upload.name})
    return redirect("run_admin:detail", run.pk)


def _wishes(request: HttpRequest, form: UploadForm) -> dict[str, Any]:
    """Give what the form asks for; who may not publish alone goes through review."""
    data = form.cleaned_data
    return {
        "institution": data["institution"],
        "asset": data["asset"],
        "rescan_of": data["rescan_of"],
        "title": data["title"],
        "publish": data["publish"] and may_publish_alone(request.user),
        "declared": form.declared(),
    }


def _placed(form: UploadForm, refusal: AssetsError | DigitizeError) -> dict[str, str] | None:
    """Lay a refusal beside the field that it speaks of; one that speaks of the files is given back."""
    form.is_valid()
    field = FIELD_OF.get(refusal.at or "") if refusal.code.startswith(("declared.", "scale.")) else None
    if field is None:
        return told(refusal)
    form.add_error(field, sentence(refusal))
    return None


def _page(request: HttpRequest, form: UploadForm, *, refusal: Mapping[str, str] | None = None, status: int = 200) -> HttpResponse:
    """Show the form, with the refusal where there was one."""
    context = {
        "form": form,
        "refusal": refusal,
        "taken": kinds(),
        "accept": accept(),
        "may_publish": may_publish_alone(request.user),
        "crumbs": crumbs(("", _("Upload"))),
    }
    return TemplateResponse(request, "cms_admin/uploads/add.html", context, status=status)


urlpatterns = [path("", index, name="list"), path("add/", add, name="add")]

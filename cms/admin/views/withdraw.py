# SPDX-License-Identifier: Apache-2.0
"""Withdraw a published version: a reason first, then the confirmation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from assets import domain
from assets.errors import AssetsError
from assets.models import Asset
from assets.rules import may_withdraw
from cms.admin.access import person
from cms.admin.crumbs import crumbs
from cms.admin.forms import WithdrawForm
from cms.admin.guards import own_asset


class WithdrawView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg] # generic only in the stubs
    """Ask for a reason, show what will happen, then withdraw."""

    model = Asset
    form_class = WithdrawForm
    template_name = "cms_admin/withdraw.html"
    page_title = gettext_lazy("Withdraw")
    header_icon = "warning"

    def setup(self, request: HttpRequest, pk: UUID | str, *args: Any, **kwargs: Any) -> None:
        """Fetch the asset."""
        super().setup(request, *args, **kwargs)
        self.object = own_asset(request.user, pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse before asking where nothing is published.

        Raises
        ------
        AssetsError
            ``withdraw.not-published`` or ``withdraw.forbidden``.
        """
        version = self.object.current_version
        if version is None or version.withdrawn_at is not None:
            raise AssetsError("withdraw.not-published", _("The asset is not published."))
        if not may_withdraw(request.user, self.object):
            raise AssetsError("withdraw.forbidden", _("You may not withdraw this asset."))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the asset."""
        asset = (reverse("asset_admin:edit", args=[self.object.pk]), self.object.title)
        return crumbs((reverse("asset_admin:list"), _("Assets")), asset, ("", _("Withdraw")))

    def get_page_subtitle(self) -> str:
        """Name the asset."""
        return self.object.title

    def form_valid(self, form: WithdrawForm) -> HttpResponse:
        """Show the second step, and withdraw once it is confirmed."""
        if "confirm" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, reason=form.cleaned_data["reason"]))
        domain.withdraw(asset=self.object, user=person(self.request), reason=form.cleaned_data["reason"])
        messages.success(self.request, _("“%(title)s” is withdrawn.") % {"title": self.object.title})
        return redirect(reverse("asset_admin:edit", args=[self.object.pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the version and the way back."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        back = reverse("asset_admin:edit", args=[self.object.pk])
        return {"reason": "", **context, "asset": self.object, "version": self.object.current_version, "back": back}

# SPDX-License-Identifier: Apache-2.0
"""What our admin tells Wagtail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem, UnpublishMenuItem
from wagtail.snippets.models import register_snippet

from assets.models import Asset
from assets.rules import may_withdraw
from cms.admin.access import AssetPolicy, works_here
from cms.admin.home import PANELS
from cms.admin.views import annotations as annotating
from cms.admin.views import runs, uploads
from cms.admin.views.history import history
from cms.admin.viewsets import AssetViewSet

register_permission_policy(Asset, AssetPolicy(Asset))  # before anything of Wagtail asks for it
register_snippet(AssetViewSet)

ICONS = ("vessel", "scan", "steps", "seal-mark")
OWN_MENU = frozenset({"assets", "upload", "runs", "history"})


def addresses() -> list[Any]:
    """Add uploads, runs, annotations and history."""
    return [
        path("uploads/", include((uploads.urlpatterns, "upload_admin"))),
        path("runs/", include((runs.urlpatterns, "run_admin"))),
        path("annotations/", include((annotating.urlpatterns, "annotation_admin"))),
        path("history/", history, name="history"),
    ]


class OwnMenuItem(MenuItem):
    """A menu item for who works here."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to curators and administrators."""
        return works_here(request.user)


def upload_item() -> MenuItem:
    """Lead to the upload form."""
    return OwnMenuItem(_("Upload"), reverse("upload_admin:add"), name="upload", icon_name="scan", order=90)


def runs_item() -> MenuItem:
    """Lead to the runs."""
    return OwnMenuItem(_("Runs"), reverse("run_admin:list"), name="runs", icon_name="steps", order=110)


def history_item() -> MenuItem:
    """Lead to the history."""
    return OwnMenuItem(_("History"), reverse("history"), name="own-history", icon_name="history", order=130)


def keep_own(request: HttpRequest, items: list[MenuItem]) -> None:
    """Leave a curator the items that lead somewhere."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if isinstance(item, OwnMenuItem) or item.name in OWN_MENU]


def own_panels(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001 - Wagtail's signature
    """Replace Wagtail's panels, which ask for models rather than objects, by ours."""
    panels[:] = [panel() for panel in PANELS]


def no_summary(request: HttpRequest, items: list[Any]) -> None:  # noqa: ARG001 - Wagtail's signature
    """Leave out the counts of pages and documents."""
    items.clear()


class WithdrawMenuItem(ActionMenuItem):
    """Lead from the editor to withdrawal."""

    name = "action-withdraw"
    label = _("Withdraw")
    icon_name = "warning"

    def is_shown(self, context: Any) -> bool:
        """Show it over what is public, to who may withdraw."""
        asset = context.get("instance")
        public = context["view"] == "edit" and asset is not None and asset.live
        return public and may_withdraw(context["request"].user, asset)

    def get_url(self, parent_context: Any) -> str:
        """Give the address of the form."""
        return reverse("asset_admin:unpublish", args=[parent_context["instance"].pk])


def withdraw_instead(items: list[ActionMenuItem], request: HttpRequest, context: Any) -> None:  # noqa: ARG001 - Wagtail's signature
    """Offer withdrawal, with its reason, in the place of unpublishing."""
    items[:] = [item for item in items if not isinstance(item, UnpublishMenuItem)]
    item = WithdrawMenuItem(order=20)
    if context.get("model") is Asset and item.is_shown(context):
        items.append(item)


def icons(known: list[str]) -> list[str]:
    """Add our own icons."""
    return [*known, *(f"cms_admin/icons/{name}.svg" for name in ICONS)]


def stylesheet() -> SafeString:
    """Put our hand over Wagtail's."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms_admin/admin.css"))


HOOKS = (
    ("register_admin_urls", addresses),
    ("register_admin_menu_item", upload_item),
    ("register_admin_menu_item", runs_item),
    ("register_admin_menu_item", history_item),
    ("construct_main_menu", keep_own),
    ("construct_homepage_panels", own_panels),
    ("construct_homepage_summary_items", no_summary),
    ("construct_snippet_action_menu", withdraw_instead),
    ("register_icons", icons),
    ("insert_global_admin_css", stylesheet),
)
for place, told in HOOKS:
    hooks.register(place, told)

# SPDX-License-Identifier: Apache-2.0
"""The asset in Wagtail's admin. Every view of it, and of its chooser, stands behind the guard."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, UpdatedAtColumn
from wagtail.snippets.views import chooser
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, IndexView, SnippetViewSet

from assets.enums import Language
from assets.models import Asset, AssetText, File, Version
from assets.rules import editable
from cms.admin.columns import AssetFilters, StateColumn, ThumbnailColumn, search, with_thumbnail
from cms.admin.crumbs import HOME_CRUMB
from cms.admin.forms import AssetForm
from cms.admin.guards import guarded
from cms.admin.panels import FilesPanel
from cms.admin.views.withdraw import WithdrawView

TEXT_PANELS = [
    FieldRowPanel([FieldPanel("language"), FieldPanel("method")]),
    FieldPanel("title"),
    FieldRowPanel([FieldPanel("culture"), FieldPanel("date_label")]),
    FieldRowPanel([FieldPanel("materials"), FieldPanel("dimensions")]),
    FieldPanel("story"),
    FieldPanel("picture_alt"),
]
RIGHTS_PANELS = [
    FieldRowPanel([FieldPanel("holder_zh"), FieldPanel("holder_en")]),
    FieldRowPanel([FieldPanel("basis"), FieldPanel("consent")]),
    FieldPanel("statement"),
    FieldPanel("note"),
]
OBJECT_PANELS = [
    FieldPanel("institution"),
    FieldRowPanel([FieldPanel("kind"), FieldPanel("accession_number")]),
    FieldPanel("place"),
    MultiFieldPanel([FieldPanel("date_edtf"), FieldRowPanel([FieldPanel("date_earliest"), FieldPanel("date_latest")])], heading=_("Date")),
    FieldRowPanel([FieldPanel("sensitivity"), FieldPanel("synthetic")]),
]
EDIT_HANDLER = TabbedInterface(
    [
        ObjectList([InlinePanel("texts", panels=TEXT_PANELS, min_num=1, max_num=2, label=_("text"))], heading=_("Texts")),
        ObjectList(OBJECT_PANELS, heading=_("Object")),
        ObjectList([InlinePanel("rights", panels=RIGHTS_PANELS, max_num=1, label=_("rights"))], heading=_("Rights")),
        ObjectList([FilesPanel()], heading=_("Files and runs")),
    ],
    base_form_class=AssetForm,
)


class AssetIndexView(IndexView):
    """The list of the own institution's assets."""

    filterset_class = AssetFilters
    search_fields = ("texts__title",)  # Wagtail shows the field where this is set; `search_queryset` does the work
    is_searchable = True

    def get_base_queryset(self) -> QuerySet[Asset]:
        """Give what this user may see, with all that a row shows."""
        bound = Exists(File.objects.filter(asset=OuterRef("pk"))) | Exists(Version.objects.filter(asset=OuterRef("pk")))
        mine = with_thumbnail(editable(self.request.user)).annotate(bound=bound)
        return mine.select_related("institution", "latest_revision").prefetch_related("texts")

    def search_queryset(self, queryset: QuerySet[Asset]) -> QuerySet[Asset]:
        """Search texts and numbers."""
        return search(queryset, self.search_query) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Column]:
        """Give picture, title, institution where there are several, kind, state, time."""
        institution = [Column("institution", label=_("Institution"))] if self.request.user.is_superuser else []
        title = self._get_title_column("title")
        title.label = _("Title")  # Wagtail would show the property's plain name
        return [
            ThumbnailColumn("thumbnail", label=_("Picture"), width="10rem"),
            title,
            *institution,
            Column("get_kind_display", label=_("Kind"), sort_key="kind"),
            StateColumn("state", label=_("State"), sort_key="state"),
            UpdatedAtColumn(),
        ]

    def get_delete_url(self, instance: Any) -> str | None:
        """Offer deletion only of drafts without originals."""
        return None if instance.bound else super().get_delete_url(instance)  # type: ignore[no-any-return]


def deletable(asset: Asset) -> bool:
    """Tell whether an asset was never more than a draft of words."""
    return not (asset.files.exists() or asset.versions.exists())


class AssetCreateView(CreateView):
    """A new draft; both languages stand ready."""

    def get_initial_form_instance(self) -> Asset:
        """Start with an empty text per language."""
        return Asset(texts=[AssetText(language=language) for language in (Language.ZH, Language.EN)])


class AssetEditView(EditView):
    """The draft of an asset."""

    def get_delete_url(self) -> str | None:
        """Offer deletion only of drafts without originals."""
        return super().get_delete_url() if deletable(self.object) else None  # type: ignore[no-any-return]

    def get_success_message(self, instance: Asset | None = None) -> str:
        """Say truly what publishing does: it asks for sealing."""
        if self.action == "publish":
            return str(_("“%(title)s” is being sealed and will be public in a moment.") % {"title": (instance or self.object).title})
        return str(super().get_success_message(instance))


class AssetDeleteView(DeleteView):
    """Delete a draft that never had originals; anything else is refused before the question is asked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let the model refuse before the confirmation shows."""
        if not deletable(self.object):
            self.object.delete()  # raises the catalogue's own refusal
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class Filtered:
    """Narrow a chooser's view to the own institution."""

    def get_object_list(self) -> QuerySet[Asset]:
        """Give what may be chosen."""
        return editable(self.request.user)  # type: ignore[attr-defined]

    def get_object(self, pk: str) -> Asset:
        """Give one asset; Wagtail turns a missing one into 404."""
        return editable(self.request.user).get(pk=pk)  # type: ignore[attr-defined]

    def get_objects(self, pks: list[str]) -> QuerySet[Asset]:
        """Give several assets."""
        return editable(self.request.user).filter(pk__in=pks)  # type: ignore[attr-defined]


def filtered(view_class: type) -> type:
    """Put the filter and the guard before a chooser's view."""
    return guarded(type(view_class.__name__, (Filtered, view_class), {"__module__": view_class.__module__}))


class NoCreateView(chooser.SnippetCreateView):
    """Nothing is made in a chooser."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ARG002 - Django's signature
        """Answer 404.

        Raises
        ------
        Http404
            Always.
        """
        raise Http404


class AssetChooserViewSet(chooser.SnippetChooserViewSet):
    """Choose an asset of the own institution; none is made here."""

    choose_view_class = filtered(chooser.ChooseView)
    choose_results_view_class = filtered(chooser.ChooseResultsView)
    chosen_view_class = filtered(chooser.SnippetChosenView)
    chosen_multiple_view_class = filtered(chooser.SnippetChosenMultipleView)
    create_view_class = guarded(NoCreateView)


class AssetViewSet(SnippetViewSet):
    """Assets in the admin, under `/admin/assets/`."""

    model = Asset
    icon = "vessel"
    menu_name = "assets"
    menu_label = _("Assets")
    menu_order = 100
    add_to_admin_menu = True
    base_url_path = "assets"
    admin_url_namespace = "asset_admin"
    chooser_base_url_path = "assets/choose"
    chooser_admin_url_namespace = "asset_chooser"
    chooser_viewset_class = AssetChooserViewSet
    copy_view_enabled = False
    edit_handler = EDIT_HANDLER
    index_view_class = AssetIndexView
    add_view_class = AssetCreateView
    edit_view_class = AssetEditView
    delete_view_class = AssetDeleteView
    unpublish_view_class = WithdrawView
    list_per_page = 20

    @property
    def breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the desk; Wagtail's own crumb keeps the language that the server was started in."""
        return [HOME_CRUMB]

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        """Build a view behind the guard."""
        return super().construct_view(guarded(view_class), **kwargs)

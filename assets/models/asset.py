# SPDX-License-Identifier: Apache-2.0
"""The asset: the one row every room refers to. A Wagtail revision of it is the draft, a sealed Version what the public reads."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, Revision, RevisionMixin, WorkflowMixin

from assets.enums import AssetKind, AssetState, Language, RightsBasis, Sensitivity, TextMethod
from assets.errors import AssetsError

if TYPE_CHECKING:
    from assets.models.people import User


class Asset(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel):
    """A relic, site, intangible practice, creative work or document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("assets.Institution", models.PROTECT, related_name="assets", verbose_name=_("institution"))
    kind = models.CharField(_("kind"), max_length=16, choices=AssetKind, default=AssetKind.OBJECT)
    accession_number = models.CharField(_("accession number"), max_length=64, blank=True)
    place = models.ForeignKey(
        "assets.Place", models.PROTECT, null=True, blank=True, related_name="assets", verbose_name=_("place of origin")
    )
    date_edtf = models.CharField(_("date (EDTF)"), max_length=64, blank=True, help_text=_("ISO 8601-2, for example -2400/-2000 or 0147~."))
    date_earliest = models.IntegerField(_("earliest year"), null=True, blank=True, help_text=_("Negative for years before our era."))
    date_latest = models.IntegerField(_("latest year"), null=True, blank=True)
    sensitivity = models.CharField(_("sensitivity"), max_length=16, choices=Sensitivity, default=Sensitivity.OPEN)
    synthetic = models.BooleanField(
        _("synthetic example"), default=False, help_text=_("Made by a generator; no real object stands behind it.")
    )

    live = models.BooleanField(_("live"), default=False, editable=False)
    state = models.CharField(_("state"), max_length=16, choices=AssetState, default=AssetState.DRAFT, editable=False, db_index=True)
    current_version = models.ForeignKey("assets.Version", models.PROTECT, null=True, editable=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["institution", "state"])]

    def __str__(self) -> str:
        return self.title or str(self.id)

    def text(self, language: str) -> AssetText | None:
        """Give the text in one language, or None."""
        return next((text for text in self.texts.all() if text.language == language), None)

    @property
    def title(self) -> str:
        """Give the title in the language in use, else in any."""
        texts = {text.language: text.title for text in self.texts.all()}
        wanted = get_language() or Language.ZH
        return texts.get(wanted) or next(iter(texts.values()), "")

    def with_content_json(self, content: dict[str, Any]) -> Asset:
        """Restore a revision, but never what only the domain verbs may write."""
        restored: Asset = super().with_content_json(content)
        for name in ("institution_id", "state", "current_version_id", "created_by_id", "created_at"):
            setattr(restored, name, getattr(self, name))
        return restored

    def publish(self, revision: Revision, user: User | None = None, **_unused: object) -> None:
        """Ask for this revision to be sealed; nothing goes live before its package stands (`assets.domain`)."""
        from assets.domain import request_publish

        request_publish(asset=self, user=user, revision=revision)

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: User | None = None, log_action: bool = True) -> None:  # noqa: ARG002 - Wagtail's signature
        """Withdraw the published version; the verb asks for a reason elsewhere."""
        from assets.domain import withdraw

        withdraw(asset=self, user=user, reason="")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: what has originals or was ever published is withdrawn, never deleted."""
        if self.files.exists() or self.versions.exists():
            raise AssetsError(
                "asset.not-deletable", _("This asset has originals or published versions and cannot be deleted."), _("Withdraw it instead.")
            )
        return super().delete(*args, **kwargs)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Render the draft as its public page would look; `cms` provides the page."""
        from django.urls import get_callable

        view = get_callable("cms.views.preview.preview")
        response: HttpResponse = view(request, self, mode_name)
        return response


class AssetText(models.Model):
    """What is said of an asset in one language."""

    asset = ParentalKey(Asset, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=12, choices=Language)
    title = models.CharField(_("title"), max_length=200)
    culture = models.CharField(_("culture or period"), max_length=120, blank=True)
    date_label = models.CharField(_("date as written"), max_length=120, blank=True)
    materials = models.CharField(_("materials"), max_length=200, blank=True)
    dimensions = models.CharField(_("dimensions"), max_length=200, blank=True)
    story = models.TextField(_("story"), blank=True)
    picture_alt = models.CharField(_("description of the picture"), max_length=300, blank=True)
    method = models.CharField(_("how it was written"), max_length=12, choices=TextMethod, default=TextMethod.HUMAN)
    source_hash = models.CharField(max_length=64, blank=True, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["-language"]  # Chinese first
        constraints = [models.UniqueConstraint(fields=["asset", "language"], name="assets_text_once_per_language")]

    def __str__(self) -> str:
        return self.title


class Rights(models.Model):
    """Who may decide about an asset, and what everyone may do with its public form."""

    asset = ParentalKey(Asset, on_delete=models.CASCADE, related_name="rights")
    holder_zh = models.CharField(_("holder, in Chinese"), max_length=160)
    holder_en = models.CharField(_("holder, in English"), max_length=200)
    basis = models.CharField(_("basis"), max_length=16, choices=RightsBasis)
    statement = models.URLField(_("rights statement"), help_text=_("A licence or rights statement by its address."))
    note = models.CharField(_("note"), max_length=300, blank=True)
    consent = models.BooleanField(_("bearers consent"), default=False, help_text=_("Needed before anything sensitive is published."))

    class Meta:
        verbose_name = _("rights")
        verbose_name_plural = _("rights")
        constraints = [models.UniqueConstraint(fields=["asset"], name="assets_rights_once_per_asset")]

    def __str__(self) -> str:
        return self.statement

# SPDX-License-Identifier: Apache-2.0
"""Originals, what was made of them, and the sealed versions that the public reads."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """An original, immutable, kept in the content store under its CID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="files")
    institution = models.ForeignKey("assets.Institution", models.PROTECT, related_name="files")
    name = models.CharField(max_length=255, help_text="The name it was uploaded under.")
    kind = models.CharField(max_length=16, help_text="One of digitize.recipe.KINDS.")
    format = models.CharField(max_length=16)
    media_type = models.CharField(max_length=80)
    cid = models.CharField(max_length=80, db_index=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    declared = models.JSONField(
        default=dict, blank=True, help_text="What a curator said of it that it does not say itself: unit, up, scale."
    )
    rescan_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rescans",
        help_text="The earlier scan of the same surface that this one follows.",
    )
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("original")
        verbose_name_plural = _("originals")
        ordering = ["received_at", "id"]
        constraints = [models.UniqueConstraint(fields=["institution", "cid"], name="assets_file_once_per_institution")]

    def __str__(self) -> str:
        return self.name


class Rendition(models.Model):
    """A derivative of an original, with its measured error."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="renditions")
    role = models.CharField(
        max_length=32, help_text="What it is for: thumbnail, lod-0 …, ar, usdz, image, pyramid, pages, sound, film, motion, report …"
    )
    media_type = models.CharField(max_length=80)
    cid = models.CharField(max_length=80, db_index=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.BigIntegerField()
    triangles = models.BigIntegerField(null=True)
    error = models.JSONField(null=True, help_text="Measured error, as in the report; null where none applies.")
    facts = models.JSONField(default=dict)
    current = models.BooleanField(default=True, help_text="Of the newest run of its original.")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["file", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "role"], condition=models.Q(current=True), name="assets_rendition_one_current_per_role"
            ),
        ]

    def __str__(self) -> str:
        return self.role


class Version(models.Model):
    """A sealed state of an asset: what public pages, search, API and licences read. Never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    cid = models.CharField(max_length=80, db_index=True, help_text="Names the whole package.")
    record = models.JSONField(help_text="record.json of the package.")
    sealed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    entry = models.UUIDField(help_text="The log's entry `version.publish`.")

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["asset", "number"]
        constraints = [models.UniqueConstraint(fields=["asset", "number"], name="assets_version_numbered_once")]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.number}"


class Sealing(models.Model):
    """A request to seal one revision: everything the package will hold is fixed here, so sealing twice gives one CID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, help_text="Becomes the version's id.")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="sealings")
    number = models.PositiveIntegerField()
    revision = models.ForeignKey("wagtailcore.Revision", models.PROTECT, related_name="+")
    renditions = models.ManyToManyField(Rendition, related_name="+")
    annotations = models.JSONField(default=list, help_text="As they will stand in the record.")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    failure = models.JSONField(null=True, help_text="code, message, hint, retryable.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["requested_at"]
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="assets_sealing_numbered_once"),
            models.UniqueConstraint(
                fields=["asset"], condition=models.Q(done_at=None, failure__isnull=True), name="assets_sealing_one_open_per_asset"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.number}"


class SearchEntry(models.Model):
    """What the search index holds of a published asset; the outbox between the transaction and the index's one writer."""

    asset = models.OneToOneField("assets.Asset", models.CASCADE, primary_key=True, related_name="search_entry")
    text = models.TextField(help_text="Everything searchable, analysed by the backend.")
    title = models.TextField()
    present = models.BooleanField(default=True, help_text="False: take it out of the index.")
    changed_at = models.DateTimeField()
    indexed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["indexed_at"])]

    def __str__(self) -> str:
        return self.title


class AccessGrant(models.Model):
    """A right of one account to have a version's files beyond the public ones; marketplace writes it by calling `assets.domain`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_grants")
    version = models.ForeignKey(Version, models.PROTECT, related_name="access_grants")
    basis = models.CharField(max_length=32, help_text="What the right rests on, for example `licence`.")
    basis_id = models.UUIDField()
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["basis", "basis_id", "version"], name="assets_accessgrant_once")]
        indexes = [models.Index(fields=["user", "version"])]

    def __str__(self) -> str:
        return f"{self.basis}:{self.basis_id}"

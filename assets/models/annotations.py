# SPDX-License-Identifier: Apache-2.0
"""Annotations of an asset, and the pins by which they hang on the surface of an original."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey

from assets.enums import Language, PinState


class Pin(models.Model):
    """A place on one original's surface, and where it lies on each level made of that; measured by a step, never typed in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("assets.File", models.PROTECT, related_name="pins")
    state = models.CharField(max_length=12, choices=PinState, default=PinState.WAITING)
    asked = models.JSONField(null=True, help_text="What was pointed at: role, position and normal in the frame of that level's file.")
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="descendants", help_text="The pin that was pointed at.")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", help_text="The pin of an earlier scan.")
    anchor = models.JSONField(null=True, help_text="digitize.anchors.Anchor on the original's surface; null until settled, or lost.")
    carried = models.JSONField(null=True, help_text="distance, turn, change, unit and registration.")
    lost = models.JSONField(null=True, help_text="Why there is no place: code, message, params.")
    levels = models.JSONField(default=dict, help_text="Role to cid and the place there, or why it is lost there.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["file", "state"])]

    def __str__(self) -> str:
        return str(self.id)


class Annotation(models.Model):
    """What is said of one place of an asset. Its texts and its pin belong to the draft; a revision restores both."""

    asset = ParentalKey("assets.Asset", on_delete=models.CASCADE, related_name="annotations")
    key = models.UUIDField(default=uuid.uuid4, editable=False, help_text="Stays the same in every revision and version.")
    sort_order = models.PositiveIntegerField(default=0, editable=False)
    title_zh = models.CharField(_("title, in Chinese"), max_length=120, blank=True)
    body_zh = models.TextField(_("text, in Chinese"), max_length=2000, blank=True)
    title_en = models.CharField(_("title, in English"), max_length=160, blank=True)
    body_en = models.TextField(_("text, in English"), max_length=3000, blank=True)
    shown = models.BooleanField(_("for the public"), default=True, help_text=_("Otherwise it stays in the draft and is never sealed."))
    pin = models.ForeignKey(Pin, models.PROTECT, related_name="annotations")

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["asset", "key"], name="assets_annotation_key_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Give the title in the language in use, else in the other."""
        chinese = (get_language() or Language.ZH).startswith("zh")
        first, second = (self.title_zh, self.title_en) if chinese else (self.title_en, self.title_zh)
        return first or second

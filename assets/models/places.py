# SPDX-License-Identifier: Apache-2.0
"""Where things are."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assets.enums import PlaceKind


class Place(models.Model):
    """A region or site with a position in degrees; the datum is always named."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name"), unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=PlaceKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of"))
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    note_zh = models.CharField(_("note in Chinese"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    latitude = models.FloatField(_("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    datum = models.CharField(_("datum"), max_length=16, choices=[("WGS-84", "WGS-84")])
    precision = models.CharField(
        _("precision"), max_length=16, default="approximate", choices=[("exact", _("exact")), ("approximate", _("approximate"))]
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Give the name in the language in use."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en

    @property
    def note(self) -> str:
        """Give the note in the language in use."""
        return self.note_zh if (get_language() or "").startswith("zh") else self.note_en

    @property
    def region(self) -> Place:
        """Give the pilot region this place lies in (itself where it is one)."""
        return self if self.parent is None else self.parent.region

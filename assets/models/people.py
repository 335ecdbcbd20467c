# SPDX-License-Identifier: Apache-2.0
"""Who uses the platform, for which institution, and who may have a master."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assets.enums import Role


class Institution(models.Model):
    """A museum, archive or bearer group that owns assets."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name"), unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160)
    place = models.ForeignKey("assets.Place", models.PROTECT, null=True, blank=True, related_name="institutions", verbose_name=_("place"))

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Give the name in the language in use."""
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


class User(AbstractUser):
    """An account: one role, and for curators one institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.VISITOR)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("institution"))

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role=Role.CURATOR) | models.Q(institution__isnull=False), name="assets_user_curator_has_institution"
            ),
        ]

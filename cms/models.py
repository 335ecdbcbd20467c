# SPDX-License-Identifier: Apache-2.0
"""The project's one table: failed log-ins, by hashes only, kept for a quarter of an hour."""

from __future__ import annotations

from django.db import models


class LoginAttempt(models.Model):
    """A log-in that has not succeeded; neither the account nor the address can be read from it."""

    account = models.CharField(max_length=64, help_text="Keyed hash of the user name as typed, case folded.")
    address = models.CharField(max_length=64, help_text="Keyed hash of the network address.")
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="cms_login_account"),
            models.Index(fields=["address", "at"], name="cms_login_address"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at:%H:%M:%S}"

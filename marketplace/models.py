# SPDX-License-Identifier: Apache-2.0
"""Offers, orders, payments and licences. Rows change state only through `marketplace.domain.states`."""

from __future__ import annotations

import secrets
import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy

from marketplace.enums import Exclusivity, LicenceState, Medium, OrderState, Party, PaymentState, Territory, Use


def fresh_salt() -> str:
    """Make 32 random bytes, in hex."""
    return secrets.token_hex(32)


class Offer(models.Model):
    """What may be licensed of an asset, and for how much. Never changed once made: a new price is a new offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="offers")
    use = models.CharField(max_length=16, choices=Use)
    medium = models.CharField(max_length=16, choices=Medium)
    territory = models.CharField(max_length=8, choices=Territory)
    exclusivity = models.CharField(max_length=16, choices=Exclusivity, default=Exclusivity.ORDINARY)
    term_months = models.PositiveIntegerField()
    price_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY", editable=False)
    holder_bp = models.PositiveIntegerField(default=7000)
    bearers_bp = models.PositiveIntegerField(default=2000)
    platform_bp = models.PositiveIntegerField(default=1000)
    terms_zh = models.TextField()
    terms_en = models.TextField()
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = pgettext_lazy("licence", "offer")
        verbose_name_plural = pgettext_lazy("licence", "offers")
        ordering = ["price_fen", "created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(price_fen__gte=0), name="marketplace_offer_price_not_negative"),
            models.CheckConstraint(condition=models.Q(term_months__gte=1), name="marketplace_offer_term_positive"),
            models.CheckConstraint(
                condition=models.Q(holder_bp=10000 - models.F("bearers_bp") - models.F("platform_bp")), name="marketplace_offer_shares_sum"
            ),
        ]
        indexes = [models.Index(fields=["active", "asset"])]

    def __str__(self) -> str:
        return f"{self.get_use_display()} · {self.get_medium_display()}"

    @property
    def shares(self) -> dict[str, int]:
        """Give each party's share in basis points, in the order in which ties are broken."""
        return {Party.HOLDER.value: self.holder_bp, Party.BEARERS.value: self.bearers_bp, Party.PLATFORM.value: self.platform_bp}

    @property
    def scope(self) -> dict[str, str | int]:
        """Give the scope as it stands in receipts."""
        return {
            "use": self.use,
            "medium": self.medium,
            "territory": self.territory,
            "exclusivity": self.exclusivity,
            "term_months": self.term_months,
        }

    @property
    def terms(self) -> str:
        """Give the terms in the language in use."""
        return self.terms_zh if (get_language() or "").startswith("zh") else self.terms_en


class Order(models.Model):
    """One person's wish to license one version under one offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="orders")
    version = models.ForeignKey("assets.Version", models.PROTECT, related_name="orders")
    key = models.CharField(max_length=80, help_text="Idempotency key, given by whoever places the order.")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.CREATED, db_index=True)
    failure = models.CharField(max_length=40, blank=True, help_text="Code of what went wrong.")
    licence_id = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text="Set aside here, so that a receipt built twice is one."
    )
    licensee_salt = models.CharField(max_length=64, default=fresh_salt, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("licence", "order")
        verbose_name_plural = pgettext_lazy("licence", "orders")
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="marketplace_order_once_per_key"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="marketplace_order_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SplitLine(models.Model):
    """One party's part of an order's price."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="split")
    party = models.CharField(max_length=12, choices=Party)
    basis_points = models.PositiveIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "party"], name="marketplace_split_once_per_party"),
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="marketplace_split_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.amount_fen}"


class Payment(models.Model):
    """One attempt to pay an order through a provider."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.OneToOneField(Order, models.PROTECT, related_name="payment")
    provider = models.CharField(max_length=32, help_text="Alias in PAYMENTS.")
    provider_ref = models.CharField(max_length=80, null=True)  # noqa: DJ001 - null until the provider answered; unique where known
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=PaymentState, default=PaymentState.CREATED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "provider_ref"], name="marketplace_payment_ref_once")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.provider_ref or self.id}"


class Notification(models.Model):
    """An authentic notice of a provider, kept as it came; its unique id makes a repeated one harmless."""

    provider = models.CharField(max_length=32)
    event_id = models.CharField(max_length=80)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="notifications")
    state = models.CharField(max_length=12, choices=PaymentState)
    amount_fen = models.BigIntegerField()
    outcome = models.CharField(max_length=24, help_text="applied, ignored (too late to matter) or the code of its refusal.")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="marketplace_notification_once")]

    def __str__(self) -> str:
        return f"{self.provider}:{self.event_id}"


class Licence(models.Model):
    """The right of one licensee to use one version within a scope."""

    id = models.UUIDField(primary_key=True, editable=False)
    order = models.OneToOneField(Order, models.PROTECT, related_name="licence")
    asset = models.ForeignKey("assets.Asset", models.PROTECT, related_name="licences")
    version = models.ForeignKey("assets.Version", models.PROTECT, related_name="licences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="licences")
    licensee_commitment = models.CharField(max_length=64)
    licensee_body = models.JSONField(
        null=True, help_text="What the commitment opens to, with the order's salt; erased at the person's wish."
    )
    scope = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="First day on which the licence no longer holds.")
    state = models.CharField(max_length=12, choices=LicenceState, default=LicenceState.ACTIVE, db_index=True)
    receipt_cid = models.CharField(max_length=80, db_index=True)
    entry = models.UUIDField(help_text="The log's entry `licence.grant`.")
    granted_at = models.DateTimeField()
    revoke_entry = models.UUIDField(null=True, help_text="The log's entry `licence.revoke`.")
    revoke_reason = models.CharField(max_length=16, blank=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("licence", "licence")
        verbose_name_plural = pgettext_lazy("licence", "licences")
        ordering = ["-granted_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="marketplace_licence_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(state=LicenceState.REVOKED, revoke_entry__isnull=False)
                | (~models.Q(state=LicenceState.REVOKED) & models.Q(revoke_entry__isnull=True)),
                name="marketplace_licence_revoked_with_entry",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def state_on(self, day: date) -> LicenceState:
        """Tell whether the licence holds on a day, whether or not the sweeper has been by."""
        if self.state == LicenceState.REVOKED:
            return LicenceState.REVOKED
        return LicenceState.ACTIVE if day < self.ends_on else LicenceState.EXPIRED

    @property
    def current_state(self) -> LicenceState:
        """Tell whether the licence holds today."""
        return self.state_on(timezone.localdate())

    @property
    def last_day(self) -> date:
        """Give the last day on which the licence holds."""
        return self.ends_on - timedelta(days=1)

    def describe(self, axis: str) -> str:
        """Name one axis of the scope in the language in use."""
        choices = {"use": Use, "medium": Medium, "territory": Territory, "exclusivity": Exclusivity}
        return str(choices[axis](self.scope[axis]).label)


class SandboxCharge(models.Model):
    """The sandbox provider's own books; nothing but `payments/sandbox.py` reads or writes them."""

    ref = models.CharField(max_length=80, primary_key=True)
    payment_key = models.CharField(max_length=80, unique=True)
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=PaymentState, default=PaymentState.PENDING)
    refund_key = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.ref

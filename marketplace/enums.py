# SPDX-License-Identifier: Apache-2.0
"""The marketplace's closed vocabularies. The values are stable: they stand in receipts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Use(TextChoices):
    """What the licensee may do."""

    PERSONAL = "personal", _("Personal study")
    EDUCATION = "education", _("Teaching and research")
    PUBLICATION = "publication", pgettext_lazy("licence", "Publication")
    EXHIBITION = "exhibition", _("Exhibition")
    PRODUCT = "product", _("Cultural and creative products")
    ADVERTISING = "advertising", _("Advertising")


class Medium(TextChoices):
    """On what the licensee may do it."""

    ANY = "any", _("All media")
    DIGITAL = "digital", _("Digital media")
    PRINT = "print", pgettext_lazy("licence", "Print")
    GOODS = "goods", _("Physical goods")
    FILM = "film", _("Film and video")


class Territory(TextChoices):
    """Where the licensee may do it: a code of ISO 3166-1, or the whole world."""

    CHINA = "CN", _("China")
    WORLD = "world", _("Worldwide")


class Exclusivity(TextChoices):
    """Who else may do the same; only ordinary licences are sold without a negotiation."""

    ORDINARY = "ordinary", _("Ordinary (not exclusive)")


class Party(TextChoices):
    """Who shares in a price."""

    HOLDER = "holder", _("Rights holder")
    BEARERS = "bearers", _("Heritage bearers")
    PLATFORM = "platform", _("Platform")


class OrderState(TextChoices):
    """Where an order stands."""

    CREATED = "created", pgettext_lazy("licence", "Placed")
    PENDING = "pending", _("Payment under way")
    PAID = "paid", _("Paid")
    FULFILLED = "fulfilled", _("Licence granted")
    FAILED = "failed", pgettext_lazy("licence", "Failed")
    CANCELLED = "cancelled", _("Cancelled")


class PaymentState(TextChoices):
    """Where a payment stands, as far as the provider has told us."""

    CREATED = "created", _("Being set up")
    PENDING = "pending", _("Waiting for the payer")
    PAID = "paid", _("Paid")
    FAILED = "failed", pgettext_lazy("licence", "Failed")
    REFUND_DUE = "refund-due", _("To be refunded")
    REFUNDED = "refunded", _("Refunded")


class LicenceState(TextChoices):
    """Whether a licence holds."""

    ACTIVE = "active", pgettext_lazy("licence", "Valid")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


class RevokeReason(TextChoices):
    """Why a licence was revoked; a code, so that nothing personal can slip into the log."""

    BREACH = "breach", _("Terms were broken")
    RIGHTS_LOST = "rights-lost", _("The holder lost the right to license")
    COMMUNITY = "community", _("The bearers withdrew their consent")
    LICENSEE = "licensee", _("At the licensee's own wish")
    ERROR = "error", _("Granted by mistake")

# SPDX-License-Identifier: Apache-2.0
"""The catalogue's closed vocabularies."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a user is to the platform."""

    VISITOR = "visitor", _("Visitor")
    CURATOR = "curator", _("Curator")
    CREATOR = "creator", _("Creator")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")


class AssetKind(TextChoices):
    """What an asset describes."""

    OBJECT = "object", _("Movable relic")
    SITE = "site", _("Site")
    PRACTICE = "practice", _("Intangible practice")
    WORK = "work", _("Creative work")
    DOCUMENT = "document", _("Document")


class AssetState(TextChoices):
    """Where an asset stands; `live` and the newest Version decide, the column is kept by the domain verbs."""

    DRAFT = "draft", _("Draft")
    SEALING = "sealing", _("Being sealed")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Language(TextChoices):
    """Languages of the records; the codes are BCP 47."""

    ZH = "zh-hans", _("Chinese (simplified)")
    EN = "en", _("English")


class TextMethod(TextChoices):
    """How a text came to be."""

    HUMAN = "human", _("Written by a person")
    MACHINE = "machine", _("Machine translation")
    GENERATED = "generated", _("Generated sample")


class PlaceKind(TextChoices):
    """What kind of place it is."""

    REGION = "region", _("Pilot region")
    SITE = "site", _("Site")
    INSTITUTION = "institution", _("Institution")


class PinState(TextChoices):
    """Whether an annotation has a place on a surface."""

    WAITING = "waiting", _("Being placed")
    PLACED = "placed", _("Placed")
    CARRIED = "carried", _("Carried over")
    LOST = "lost", _("Lost")


class Sensitivity(TextChoices):
    """Who may see an asset once it is published."""

    OPEN = "open", _("Open")
    COMMUNITY = "community", _("Community consent needed")
    RESTRICTED = "restricted", _("Restricted")


class RightsBasis(TextChoices):
    """Why the holder may decide about an asset."""

    PUBLIC_DOMAIN = "public-domain", _("Public domain")
    REGISTRATION = "registration", _("Copyright registration")
    CONTRACT = "contract", _("Contract")
    CONSENT = "consent", _("Consent of the bearers")
    OWN_WORK = "own-work", _("Own work")

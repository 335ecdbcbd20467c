# SPDX-License-Identifier: Apache-2.0
"""Scopes and splits as pages, panels and receipts show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from marketplace.enums import Exclusivity, Medium, Party, Territory, Use
from marketplace.models import Licence, Offer
from marketplace.money import yuan


def duration(months: int) -> str:
    """Write a term in years where it is whole years, else in months."""
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def html_language(code: str) -> str:
    """Give the BCP 47 tag of one of our language codes, for `lang`."""
    return "zh-Hans" if code.startswith("zh") else code


def scope_facts(scope: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the axes of a scope with their names, in the language in use."""
    return [
        (pgettext("licence", "Use"), str(Use(scope["use"]).label)),
        (pgettext("licence", "Media"), str(Medium(scope["medium"]).label)),
        (_("Territory"), str(Territory(scope["territory"]).label)),
        (_("Kind of licence"), str(Exclusivity(scope["exclusivity"]).label)),
        (pgettext("licence", "Term"), duration(int(scope["term_months"]))),
    ]


def offer_facts(offer: Offer) -> list[tuple[str, str]]:
    """List what an offer gives."""
    return scope_facts(offer.scope)


def licence_facts(licence: Licence) -> list[tuple[str, str]]:
    """List what a licence permits."""
    return scope_facts(licence.scope)


def split_lines(parts: Mapping[str, int], shares: Mapping[str, int]) -> list[dict[str, str]]:
    """List who has a share in a price, which, and how much that is."""
    lines = []
    for party, part in parts.items():
        if shares[party]:
            lines.append({"party": str(Party(party).label), "share": f"{shares[party] / 100:g} %", "amount": yuan(part)})
    return lines

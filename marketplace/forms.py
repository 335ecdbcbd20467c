# SPDX-License-Identifier: Apache-2.0
"""The form in which an offer is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.enums import Medium, Territory, Use


class OfferForm(forms.Form):
    """Scope, term and price; the price is typed in yuan and kept in fen."""

    use = forms.ChoiceField(label=pgettext_lazy("licence", "Use"), choices=Use.choices)
    medium = forms.ChoiceField(label=pgettext_lazy("licence", "Media"), choices=Medium.choices)
    territory = forms.ChoiceField(label=_("Territory"), choices=Territory.choices)
    term_months = forms.IntegerField(label=_("Term in months"), min_value=1, max_value=1200, initial=12)
    price = forms.DecimalField(
        label=_("Price in yuan"), min_value=0, max_value=10**10, max_digits=13, decimal_places=2, initial=0, help_text=_("0 is free.")
    )

    def terms(self) -> dict[str, Any]:  # keyword arguments of `domain.create_offer`
        """Give what the verb takes."""
        scope = {name: value for name, value in self.cleaned_data.items() if name != "price"}
        return {**scope, "price_fen": int(self.cleaned_data["price"] * 100)}

# SPDX-License-Identifier: Apache-2.0
"""Forms of the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from assets.models import Asset, File
from assets.queries import scans
from assets.rules import editable
from cms.admin.access import institutions
from cms.admin.declaring import DeclaredForm


def check_edtf(text: str) -> None:
    """Refuse a date that is no EDTF.

    Raises
    ------
    ValidationError
        With the text that could not be read.
    """
    from edtf import parse_edtf  # slow to import
    from edtf.parser.edtf_exceptions import EDTFParseException

    try:
        parse_edtf(text)
    except EDTFParseException:
        raise forms.ValidationError(_("“%(text)s” is not a date in EDTF.") % {"text": text}, code="edtf") from None


class AssetForm(WagtailAdminModelForm):
    """An asset's draft. The institution is the curator's own; an administrator chooses it once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user and not self.for_user.is_superuser:
            self.fields.pop("institution", None)
            if self.instance.institution_id is None:
                self.instance.institution_id = self.for_user.institution_id
        elif "institution" in self.fields and not self.instance._state.adding:  # noqa: SLF001 - Django documents it
            self.fields["institution"].disabled = True
        if self.instance._state.adding and self.instance.created_by_id is None:  # noqa: SLF001 - Django documents it
            self.instance.created_by = self.for_user

    def clean_date_edtf(self) -> str:
        """Check the date's grammar."""
        text = str(self.cleaned_data["date_edtf"])
        if text:
            check_edtf(text)
        return text

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields: the order of years, one text per language."""
        cleaned: dict[str, Any] = super().clean()
        earliest, latest = cleaned.get("date_earliest"), cleaned.get("date_latest")
        if earliest is not None and latest is not None and earliest > latest:
            self.add_error("date_latest", _("The latest year lies before the earliest."))
        self._check_languages()
        return cleaned

    def _check_languages(self) -> None:
        """Refuse two texts in one language."""
        texts = self.formsets["texts"].forms if "texts" in self.formsets else []
        seen: set[str] = set()
        for form in texts:
            cleaned = getattr(form, "cleaned_data", {}) if form.is_valid() else {}
            language = cleaned.get("language")
            if not language or cleaned.get("DELETE"):
                continue
            if language in seen:
                self.add_error(None, _("There are two texts in one language."))
            seen.add(language)


class WithdrawForm(forms.Form):
    """Why a version is taken from the public."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the version. Do not name private persons."),
    )


class UploadForm(DeclaredForm):
    """What goes with uploaded files; the files themselves pass through the upload handler."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, required=False, help_text=gettext_lazy("Empty: taken from the file's name.")
    )
    asset = forms.ModelChoiceField(
        label=gettext_lazy("Asset"),
        queryset=Asset.objects.none(),
        required=False,
        empty_label=gettext_lazy("Make a new asset"),
        help_text=gettext_lazy("Or add the files to an asset that exists."),
    )
    rescan_of = forms.ModelChoiceField(
        label=gettext_lazy("Another scan of"),
        queryset=File.objects.none(),
        required=False,
        empty_label=gettext_lazy("It is no other scan of what is here already"),
        help_text=gettext_lazy("The new scan stands in the place of the earlier one; annotations are carried over, or said to be lost."),
    )
    institution = forms.ModelChoiceField(label=gettext_lazy("Institution"), queryset=institutions(None), empty_label=None)
    publish = forms.BooleanField(label=gettext_lazy("Ask for publication when it is digitized"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = institutions(user)
        self.fields["institution"].queryset = choices  # type: ignore[attr-defined]
        self.fields["asset"].queryset = editable(user).prefetch_related("texts")  # type: ignore[attr-defined]
        self.fields["rescan_of"].queryset = scans(editable(user))  # type: ignore[attr-defined]
        self.fields["rescan_of"].label_from_instance = lambda file: f"{file.asset.title} · {file.name}"  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["institution"].widget = forms.HiddenInput()
            self.fields["institution"].initial = choices[0]

    def clean(self) -> dict[str, Any]:
        """Refuse an asset of another institution than the chosen one, and an earlier scan of another asset."""
        cleaned = super().clean() or {}
        asset, institution, earlier = (cleaned.get(name) for name in ("asset", "institution", "rescan_of"))
        for name, owner in (("asset", asset), ("rescan_of", earlier)):
            if owner and institution and owner.institution_id != institution.pk:
                self.add_error(name, _("This asset belongs to another institution."))
        if earlier and asset and earlier.asset_id != asset.pk:
            self.add_error("rescan_of", _("That scan belongs to another asset."))
        return cleaned

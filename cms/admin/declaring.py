# SPDX-License-Identifier: Apache-2.0
"""The fields in which a curator says what a file does not say of itself: unit, upward axis, a known distance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from digitize.errors import Refusal

Choices = list[tuple[str, Any]]
SCALE = "scale"
AS_THE_FILE_SAYS = ("", gettext_lazy("as the file says"))
# Which field shows what is wrong with a declared name.
FIELD_OF = {"unit": "unit", "up": "up", SCALE: "start"}


def units() -> Choices:
    """Give the units of length."""
    from digitize.mesh import METRES  # brings numpy with it

    return [(name, name) for name in METRES]


def axes() -> Choices:
    """Give the axes that may point upwards."""
    from digitize.preflight.declared import AXES  # brings numpy with it

    return [(name, name) for name in AXES]


class PointField(forms.CharField):
    """A point in the file's own numbers: three of them, parted by spaces or commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False, max_length=120, widget=forms.TextInput(attrs={"placeholder": "0 0 0", "autocomplete": "off"}), **kwargs
        )

    def to_python(self, value: Any) -> Any:
        """Read the numbers.

        Raises
        ------
        ValidationError
            Where there are not three.
        """
        text = super().to_python(value) or ""
        words = [word for word in re.split(r"[\s,，;；、()（）\[\]]+", text) if word]
        try:
            point = [float(word) for word in words]
        except ValueError:
            point = []
        if words and len(point) != 3:
            raise forms.ValidationError(_("Give three numbers: x, y and z."), code="point")
        return point

    def prepare_value(self, value: Any) -> Any:
        """Write a point as it is typed."""
        return " ".join(f"{number:.15g}" for number in value) if isinstance(value, list) else value


class DeclaredForm(forms.Form):
    """Unit, upward axis and one known distance; whatever stays empty is as the file says."""

    unit = forms.ChoiceField(label=gettext_lazy("Unit of length"), required=False, choices=lambda: [AS_THE_FILE_SAYS, *units()])
    up = forms.ChoiceField(label=gettext_lazy("Upward axis"), required=False, choices=lambda: [AS_THE_FILE_SAYS, *axes()])
    start = PointField(label=gettext_lazy("from (x y z)"))
    end = PointField(label=gettext_lazy("to (x y z)"))
    length = forms.FloatField(
        label=gettext_lazy("its length"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    length_unit = forms.ChoiceField(label=gettext_lazy("its unit"), required=False, choices=units, initial="mm")

    @property
    def said(self) -> list[forms.BoundField]:
        """Give the fields for unit and axis."""
        return [self["unit"], self["up"]]

    @property
    def distance(self) -> list[forms.BoundField]:
        """Give the fields of the known distance."""
        return [self["start"], self["end"], self["length"], self["length_unit"]]

    @property
    def used(self) -> bool:
        """Say whether any of it is filled in or wrong, so that it must be seen."""
        fields = [*self.said, *self.distance[:3]]
        return any(field.errors or field.value() for field in fields)

    def clean(self) -> dict[str, Any]:
        """Refuse half a distance, and one that is none."""
        cleaned = super().clean() or {}
        given = {name: cleaned.get(name) for name in ("start", "end", "length")}
        missing = [name for name, value in given.items() if not value and name not in self.errors]
        if len(missing) < len(given):
            for name in missing:
                self.add_error(name, _("A known distance needs both points and a length above 0."))
        if all(given.values()) and not self.errors:
            self._read_bar(cleaned)
        return cleaned

    def _read_bar(self, cleaned: dict[str, Any]) -> None:
        """Keep the distance as the pipelines take it, where it is one."""
        from digitize import scale  # brings numpy with it

        bar = {"from": cleaned["start"], "to": cleaned["end"], "length": cleaned["length"], "unit": cleaned.get("length_unit") or "mm"}
        try:
            scale.parse(bar)
        except Refusal as refusal:
            self.add_error("start", " ".join(refusal.text(get_language() or "zh-hans")))
        else:
            cleaned[SCALE] = bar

    def declared(self) -> dict[str, Any]:
        """Give what is declared, and nothing of what is left to the file."""
        return {name: self.cleaned_data[name] for name in ("unit", "up", SCALE) if self.cleaned_data.get(name)}


class DeclareAgainForm(DeclaredForm):
    """The same for an original that is there: what its kind can be told, with what is declared or proposed already.

    Parameters
    ----------
    kind
        The original's.
    known
        What is declared of it now. Several scale bars, which these fields cannot show, stay unless a distance is typed.
    proposed
        The upward axis that was found most likely; empty where none was.
    """

    def __init__(self, data: Mapping[str, Any] | None = None, *, kind: str, known: Mapping[str, Any], proposed: str = "") -> None:
        from digitize.preflight.declared import TAKEN

        super().__init__(data, initial={"up": proposed, **initial_of(known)})
        self.scalable = SCALE in TAKEN[kind]
        self.kept = {SCALE: known[SCALE]} if SCALE in known and "start" not in initial_of(known) else {}

    @property
    def distance(self) -> list[forms.BoundField]:
        """Give the fields of the known distance, where one can be told."""
        return super().distance if self.scalable else []

    def declared(self) -> dict[str, Any]:
        """Give what is declared, with the bars that stay."""
        return {**self.kept, **super().declared()}


def initial_of(declared: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the fields show of what was declared."""
    shown = {name: declared[name] for name in ("unit", "up") if name in declared}
    bar = declared.get(SCALE)
    if isinstance(bar, Mapping) and "from" in bar:
        shown |= {"start": list(bar["from"]), "end": list(bar["to"]), "length": bar["length"], "length_unit": bar["unit"]}
    return shown

# SPDX-License-Identifier: Apache-2.0
"""What the upload form takes, said from the table of formats itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from digitize.preflight.formats import FORMATS
from digitize.recipe import KINDS

KIND_LABELS = {
    "mesh": gettext_lazy("Surfaces of triangles"),
    "points": gettext_lazy("Point clouds"),
    "splats": gettext_lazy("Gaussian splats"),
    "photos": gettext_lazy("Sets of photographs"),
    "image": gettext_lazy("Pictures"),
    "document": gettext_lazy("Documents"),
    "sound": gettext_lazy("Recordings of sound"),
    "film": gettext_lazy("Films"),
    "motion": gettext_lazy("Movements"),
}
# What goes beside a main file, and what holds several.
BESIDE = (".mtl", ".bin", ".vtt", ".srt", ".txt", ".json", ".zip")
# Of a kind that may also come in another kind's format, or is made of several files.
MORE = {
    "points": "PLY",
    "splats": "PLY",
    "photos": gettext_lazy("several pictures that state how they were exposed"),
    "document": gettext_lazy("several pictures as pages, TIFF of several pages"),
}


def _names(kind: str) -> str:
    """List the endings of a kind's formats."""
    endings = [ending.removeprefix(".").upper() for form in FORMATS.values() if form.kind == kind for ending in form.extensions]
    return ", ".join([*endings, *([str(MORE[kind])] if kind in MORE else [])])


def kinds() -> list[tuple[str, str]]:
    """Give each kind of capture and what of it is taken, for people."""
    return [(str(KIND_LABELS[kind]), _names(kind)) for kind in KINDS]


def accept() -> str:
    """Give what the browser's file dialogue offers: every format, and what goes beside one."""
    endings = [ending for form in FORMATS.values() for ending in form.extensions]
    return ",".join(dict.fromkeys([*endings, *BESIDE]))

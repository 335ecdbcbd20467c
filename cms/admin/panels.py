# SPDX-License-Identifier: Apache-2.0
"""Panels of the asset's editor that show rather than ask."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from assets.models import Rendition
from cms.admin.annotating import scans_of
from pipelines.models import Run


class FilesPanel(Panel):
    """Originals, their renditions with measured errors, and the runs that made them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Files and runs"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        """The panel over one asset."""

        template_name = "cms_admin/panels/files.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Fetch originals with their current renditions and newest runs."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            saved = self.instance is not None and not self.instance._state.adding  # noqa: SLF001 - Django documents it
            files = list(self.instance.files.select_related("rescan_of")) if saved else []
            newest = {scan.pk for scan in scans_of(self.instance)} if saved else set()
            return {
                **context,
                "asset": self.instance if saved else None,
                "files": [{**described(file), "newest": file.pk in newest} for file in files],
                "annotatable": bool(newest),
            }


def described(file: Any) -> dict[str, Any]:
    """Give one original with what hangs on it."""
    return {
        "file": file,
        "renditions": Rendition.objects.filter(file=file, current=True),
        "runs": Run.objects.filter(file=file)[:5],
    }

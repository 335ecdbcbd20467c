# SPDX-License-Identifier: Apache-2.0
"""What stands on the stage: a model, a cloud, a dance, a film, a book's pages, a picture, or nothing."""

from __future__ import annotations

from assets.queries import Published
from guide.panels.stage.base import Stage
from guide.panels.stage.film import film
from guide.panels.stage.model import Model, model
from guide.panels.stage.pages import pages
from guide.panels.stage.picture import picture
from guide.panels.stage.splats import splats

__all__ = ["Model", "Stage", "stage"]

# The first that an asset has something for stands on its stage.
_ORDER = (model, splats, film, pages, picture)


def stage(published: Published, language: str) -> Stage:
    """Prepare the stage of a published asset."""
    ground = Stage.of(published, language)
    found = (choose(published, ground) for choose in _ORDER)
    return next((one for one in found if one is not None), ground)

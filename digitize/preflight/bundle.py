# SPDX-License-Identifier: Apache-2.0
"""Find the one main file of a folder: a single mesh, else a single picture or sound."""

from __future__ import annotations

import stat
from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.formats import kind_of
from digitize.preflight.model import INTAKE, Limits

_RUBBISH = frozenset({".ds_store", "thumbs.db", "desktop.ini", INTAKE})


def main_of(folder: Path, limits: Limits, *, name: str) -> str:
    """Choose the main file.

    Raises
    ------
    Refusal
        ``folder.no-main``, ``folder.several-mains``, ``folder.too-many``.
    """
    files = files_of(folder, limits)
    for kinds in (("mesh",), ("image", "sound")):
        mains = [file for file in files if kind_of(file) in kinds]
        if len(mains) == 1:
            return mains[0]
        if mains:
            raise Refusal("folder.several-mains", at=mains[1], name=name, names=", ".join(mains[:5]))
    raise Refusal("folder.no-main", name=name)


def files_of(folder: Path, limits: Limits) -> list[str]:
    """List the plain files of a folder, sorted; links are not followed, file managers' left-overs not seen."""
    found: list[str] = []
    waiting = [folder]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                waiting.append(path)
            elif stat.S_ISREG(mode) and path.name.lower() not in _RUBBISH and not path.name.startswith("._"):
                found.append(path.relative_to(folder).as_posix())
            if len(found) + len(waiting) > limits.members:
                raise Refusal("folder.too-many", limit=limits.members)
    return sorted(found)


def unused(folder: Path, used: tuple[str, ...], limits: Limits) -> tuple[Doubt, ...]:
    """Say which files of a folder the input does not use, for they will not be kept."""
    left = [name for name in files_of(folder, limits) if name not in used]
    return (Doubt("input.files-unused", None, {"count": len(left), "names": ", ".join(left[:5])}),) if left else ()

# SPDX-License-Identifier: Apache-2.0
"""Choose what a folder holds: one main file, or several of one kind, and the files beside them that belong to it.

The rule, in order:

1. A kind that is asked for decides which files are looked at; without one the first line of `_ORDER` that has files does.
2. One main file is taken. Several are one input only as scans of one object, photographs of one object, pages of one document. They are taken in natural order of their names.
3. Several pictures are a photo set where at least two thirds state how they were exposed, else the pages of a document.
4. The kind's hook in `CLAIMS` may then take further files of the folder: captions, a page's text, a colour target.

What nothing takes is told as the doubt ``input.files-unused``.
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.formats import FORMATS, ZIP, Format, kind_of
from digitize.preflight.model import INTAKE, Findings, Limits
from digitize.preflight.sniff import agreed
from digitize.preflight.source import size_of

Claim = Callable[[Path, str, tuple[str, ...], Findings, Limits], Findings]
"""A kind's hook: folder, main file, the folder's files not yet used (natural order), what is found so far -> the same with more."""

_RUBBISH = frozenset({".ds_store", "thumbs.db", "desktop.ini", INTAKE})
_ORDER = (("mesh", "points", "splats", "motion"), ("film",), ("document", "image", "sound"))
# Which actual kinds a wanted one can be made of; a picture may be a page, a film's sound may be heard alone.
MADE_OF: Mapping[str, frozenset[str]] = {
    "points": frozenset({"points", "mesh"}),
    "photos": frozenset({"image"}),
    "document": frozenset({"document", "image"}),
    "sound": frozenset({"sound", "film"}),
}
# Formats whose files hold one kind as a rule and another at times: told only by looking inside.
_MAY_HIDE: Mapping[str, frozenset[str]] = {"points": frozenset({"mesh"}), "splats": frozenset({"mesh", "points"})}
# kind -> "module:function" below digitize.preflight, called with what the folder holds besides.
CLAIMS: dict[str, str] = {
    "mesh": "scale:claim",
    "image": "target:claim",
    "document": "page_texts:claim",
    "sound": "captions:claim",
    "film": "captions:claim",
    "points": "cloud.together:claim",
    "photos": "markers:claim",
}
_LARGEST = frozenset({"width", "height", "channels", "bits"})


def mains_of(folder: Path, limits: Limits, *, name: str, kind: str | None = None) -> tuple[str, ...]:
    """Choose the main files, in natural order: one, or several that only looking inside can tell to be one input.

    Raises
    ------
    Refusal
        ``folder.no-main``, ``folder.several-mains``, ``folder.too-many``.
    """
    files = files_of(folder, limits)
    for kinds in _ORDER if kind is None else (made_of(kind) | _MAY_HIDE.get(kind, frozenset()),):
        mains = [file for file in files if kind_of(file) in kinds]
        if mains:
            return tuple(mains)
    raise Refusal("folder.no-main", name=name)


def made_of(kind: str) -> frozenset[str]:
    """Give the actual kinds that can be taken where this one is asked for."""
    return MADE_OF.get(kind, frozenset({kind}))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key that sorts names as people number them: ``page 2`` before ``page 10``."""
    text = unicodedata.normalize("NFC", name).casefold()
    parts = re.split(r"([0-9]+)", text)
    return tuple((1, int(part), "") if i % 2 else (0, 0, part) for i, part in enumerate(parts))


def files_of(folder: Path, limits: Limits) -> list[str]:
    """List the plain files of a folder, in natural order; links are not followed, file managers' left-overs not seen."""
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
    return sorted(found, key=lambda name: (natural(name), name))


def form_of(root: Path, file: str, limits: Limits) -> str:
    """Give the format of a file in a folder; an archive in it is not opened."""
    form = agreed(root / file, size_of(root / file, limits, name=file), file)
    if form == ZIP:
        raise Refusal("zip.nested", at=file, name=file)
    return form


@dataclass(frozen=True, slots=True)
class _Looked:
    """One main file that was looked into."""

    file: str
    form: Format
    found: Findings

    @property
    def kind(self) -> str:
        """Give the kind of capture that it holds."""
        return self.found.kind or self.form.kind


def gathered(root: Path, mains: tuple[str, ...], limits: Limits, *, name: str, kind: str | None) -> tuple[str, str, Findings]:
    """Look into every main file and make one input of them.

    Returns
    -------
    The kind, the first file's format, and the findings of all: counts added up, each file's own under `Findings.parts`.

    Raises
    ------
    Refusal
        ``folder.several-mains`` where they are not one input; ``input.wrong-kind`` where they are not what was asked for.
    """
    looked: list[_Looked] = []
    for file in mains:
        form = FORMATS[form_of(root, file, limits)]
        looked.append(_Looked(file, form, form.inspect(root, file, limits)))
        if kind is not None and looked[-1].kind not in made_of(kind):
            raise Refusal("input.wrong-kind", at=file, name=file, kind=looked[-1].kind, wanted=kind)
        if len(mains) > 1 and not _together(looked, kind):
            raise Refusal("folder.several-mains", at=mains[max(1, len(looked) - 1)], name=name, names=", ".join(mains[:5]))
    if len(looked) == 1:
        return kind or looked[0].kind, looked[0].form.name, looked[0].found
    return kind or _kind_of_several(looked), looked[0].form.name, _sum(looked)


def _together(looked: list[_Looked], wanted: str | None) -> bool:
    """Say whether these files may be one input: all of them clouds, or all of them pictures."""
    if wanted in {None, "points"} and all(one.kind in made_of(wanted or "points") for one in looked):
        return wanted is not None or {one.kind for one in looked} == {"points"}
    return wanted in {None, "photos", "document"} and {one.form.kind for one in looked} == {"image"}


def _kind_of_several(looked: list[_Looked]) -> str:
    """Tell a photo set from pages: cameras write how they exposed, scanners do not."""
    if looked[0].kind == "points":
        return "points"
    exposed = sum(one.found.counts.get("exposed", 0) > 0 for one in looked)
    return "photos" if exposed * 3 >= 2 * len(looked) else "document"


def _sum(looked: list[_Looked]) -> Findings:
    """Join the findings of several files of one kind; a doubt of many is told once."""
    counts: dict[str, int] = {"files": len(looked)}
    doubts: dict[str, list[tuple[str, Doubt]]] = {}
    for one in looked:
        for key, value in one.found.counts.items():
            counts[key] = max(counts.get(key, 0), value) if key in _LARGEST else counts.get(key, 0) + value
        for doubt in one.found.doubts:
            doubts.setdefault(doubt.code, []).append((one.file, doubt))
    members = tuple(dict.fromkeys(name for one in looked for name in (one.file, *one.found.members)))
    told = tuple(_told(same) for same in doubts.values())
    return Findings(counts, members, told, parts={one.file: dict(one.found.counts) for one in looked})


def _told(same: list[tuple[str, Doubt]]) -> Doubt:
    """Tell one doubt for all the files in which it arose."""
    file, doubt = same[0]
    at = f"{file}: {doubt.at}" if doubt.at else file
    return replace(doubt, at=at if len(same) == 1 else f"{at} (+{len(same) - 1})")


def claimed(root: Path, main: str, found: Findings, *, kind: str, files: Iterable[str], limits: Limits) -> Findings:
    """Let the kind's hook take what belongs to it of the files beside."""
    used = {main, *found.members}
    beside = tuple(file for file in files if file not in used)
    if kind not in CLAIMS or not beside:
        return found
    module, _, function = CLAIMS[kind].partition(":")
    claim: Claim = getattr(import_module(f"digitize.preflight.{module}"), function)
    return claim(root, main, beside, found, limits)


def unused(folder: Path, used: tuple[str, ...], limits: Limits) -> tuple[Doubt, ...]:
    """Say which files of a folder the input does not use, for they will not be kept."""
    left = [name for name in files_of(folder, limits) if name not in used]
    return (Doubt("input.files-unused", None, {"count": len(left), "names": ", ".join(left[:5])}),) if left else ()

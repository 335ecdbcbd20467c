# SPDX-License-Identifier: Apache-2.0
"""Material libraries: the materials they define, the pictures they name."""

from __future__ import annotations

from pathlib import Path

from digitize.errors import Doubt, Refusal
from digitize.preflight.model import Limits
from digitize.preflight.source import decode, line_blocks, member

_MAPS = frozenset({
    b"map_ka", b"map_kd", b"map_ks", b"map_ke", b"map_ns", b"map_d", b"map_tr", b"map_bump", b"bump", b"disp", b"map_disp", b"decal",
    b"refl", b"norm", b"map_kn", b"map_pr", b"map_pm", b"map_ps", b"map_rma", b"map_orm",
})  # fmt: skip
# Options of a map and how many words follow each; those of three may be given fewer numbers.
_OPTIONS = {
    b"-blendu": 1, b"-blendv": 1, b"-boost": 1, b"-mm": 2, b"-o": 3, b"-s": 3, b"-t": 3, b"-texres": 1, b"-clamp": 1, b"-bm": 1,
    b"-imfchan": 1, b"-type": 1, b"-cc": 1,
}  # fmt: skip

_MOST_LIBRARIES = 100

References = dict[str, list[tuple[str, str]]]


def read_libraries(
    root: Path, main: str, statements: list[tuple[str, str]], limits: Limits
) -> tuple[tuple[str, ...], set[str], References, tuple[Doubt, ...]]:
    """Read every library that an OBJ names.

    Returns
    -------
    The libraries relative to `root`, the materials they define, per library the pictures with their lines, and a doubt for
    each library that is not there: the shape is whole without it.

    Raises
    ------
    Refusal
        ``obj.too-many-libraries``, or what `member` refuses.
    """
    materials: set[str] = set()
    references: References = {}
    missing: dict[str, Doubt] = {}
    named: dict[str, str] = {}
    for names, at in statements:
        named.setdefault(names, at)  # many exporters name their library again for every group
    for names, at in named.items():
        for name in _split(root, main, names, at, limits):
            library = _there(root, main, name, at, limits)
            if library is None:
                missing.setdefault(name, Doubt("obj.library-missing", at, {"name": name}))
            elif library not in references:
                references[library] = _library(root, library, materials, limits)
            if len(references) + len(missing) > _MOST_LIBRARIES:
                raise Refusal("obj.too-many-libraries", at=at, limit=_MOST_LIBRARIES)
    return tuple(references), materials, references, tuple(missing.values())


def _split(root: Path, main: str, names: str, at: str, limits: Limits) -> list[str]:
    """Tell the libraries of a statement apart: one name with spaces, where such a file is there, else several names."""
    if not names:
        raise Refusal("obj.statement", at=at, text="mtllib")
    return [names] if _there(root, main, names, at, limits) else list(dict.fromkeys(names.split()))


def _there(root: Path, main: str, name: str, at: str, limits: Limits) -> str | None:
    """Find a library inside the folder; None where there is none."""
    try:
        return member(root, main, name, by=main, at=at, limits=limits)
    except Refusal as refusal:
        if refusal.code != "member.missing":
            raise
        return None


def _library(root: Path, library: str, materials: set[str], limits: Limits) -> list[tuple[str, str]]:
    """Read one library: the pictures that it names, each with the first line that does."""
    pictures: dict[str, str] = {}
    with (root / library).open("rb") as file:
        for number, lines in line_blocks(file, limits):
            for at, line in enumerate(lines, number):
                words = line.partition(b"#")[0].split()
                if words and words[0] == b"newmtl":
                    materials.add(decode(b" ".join(words[1:])))
                elif words and words[0].lower() in _MAPS:
                    pictures.setdefault(_picture(words[1:], f"{library}, line {at}"), f"line {at}")
    return list(pictures.items())


def _picture(words: list[bytes], at: str) -> str:
    """Take the name out of a map's statement: what stands behind the options, spaces and all."""
    i = 0
    while i < len(words) and words[i] in _OPTIONS:
        most = _OPTIONS[words[i]]
        i += 1
        first = i
        while i < len(words) and i - first < most and (most != 3 or i == first or _is_number(words[i])):
            i += 1
    name = decode(b" ".join(words[i:])).strip()
    if not name:
        raise Refusal("mtl.statement", at=at)
    return name


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True

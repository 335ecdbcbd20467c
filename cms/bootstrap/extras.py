# SPDX-License-Identifier: Apache-2.0
"""Packages that not everyone needs, asked for once by name: `manage.py extras NAME`; `.venv` keeps them through every update."""

from __future__ import annotations

from collections.abc import Sequence

from cms.bootstrap.errors import MissingError

COMMAND = "extras"
WITHOUT = "--without"
EXTRAS: dict[str, tuple[str, ...]] = {"photos": ("pycolmap", "opencv-python-headless")}
"""Name of an extra -> the packages that it is for; its lock is `requirements-NAME.lock`."""


def chosen(argv: Sequence[str], kept: Sequence[str]) -> tuple[str, ...]:
    """Give the extras that an environment shall have.

    Parameters
    ----------
    argv
        As in `sys.argv`; only the command `extras` changes anything.
    kept
        The extras that it has.

    Raises
    ------
    MissingError
        `extra.unknown`.
    """
    known = [name for name in kept if name in EXTRAS]
    if len(argv) < 2 or argv[1] != COMMAND:
        return tuple(sorted(known))
    added, removed = named(argv[2:])
    return tuple(sorted({*known, *added} - removed))


def named(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Read the extras that the command's words add and remove; Django's own parser judges the other words later.

    Raises
    ------
    MissingError
        `extra.unknown`.
    """
    added, removed, goal = set[str](), set[str](), set[str]()
    goal = added
    for word in words:
        if word == WITHOUT:
            goal = removed
        elif not word.startswith("-"):
            goal.add(word)
    if unknown := sorted((added | removed) - EXTRAS.keys()):
        raise MissingError("extra.unknown", name=unknown[0], known=", ".join(EXTRAS))
    return added, removed

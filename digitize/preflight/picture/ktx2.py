# SPDX-License-Identifier: Apache-2.0
"""KTX2 of Basis Universal: its head, its levels inside the file, its size; what its blocks say only its transcoder can tell."""

from __future__ import annotations

from typing import IO

from digitize.basis.header import IDENTIFIER as MAGIC
from digitize.basis.header import HeaderError, header
from digitize.preflight.model import Limits
from digitize.preflight.picture.form import Image, broken, sized

__all__ = ["MAGIC", "scan"]

_HEAD = 1 << 16


def scan(file: IO[bytes], name: str, size: int, limits: Limits) -> Image:
    """Check the head.

    Raises
    ------
    Refusal
        ``image.broken``, ``image.too-many-pixels``.
    """
    file.seek(0)
    try:
        found = header(file.read(_HEAD), size)
    except HeaderError as error:
        raise broken(name, None, str(error)) from error
    return sized(name, Image("ktx2", found.width, found.height, 4 if found.alpha else 3), limits)

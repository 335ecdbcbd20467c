# SPDX-License-Identifier: Apache-2.0
"""The chunks that WAV and AIFF are made of: four letters, a length, a body padded to two bytes.

Source: Electronic Arts, "EA IFF 85" (1985); Microsoft's RIFF is the same with the other byte order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Literal

MOST = 1000
ELSEWHERE = 0xFFFFFFFF


def chunks(
    file: IO[bytes], size: int, order: Literal["big", "little"], *, broken: Callable[[str, int], Exception], data: int = 0
) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, place and length of each chunk, the file standing at its body; the last may reach past the end.

    Parameters
    ----------
    broken
        Makes the refusal of a file, from a problem and a place.
    data
        Length of a ``data`` chunk whose own length says that it stands elsewhere (RF64); 0 where there is none.
    """
    at = 12
    for _ in range(MOST):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], order)
        if data and head[:4] == b"data" and length == ELSEWHERE:
            length = data
        yield head[:4], at, length
        at += 8 + length + length % 2
        if at > size:
            return
    raise broken("it has too many parts", at)

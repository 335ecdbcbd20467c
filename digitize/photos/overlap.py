# SPDX-License-Identifier: Apache-2.0
"""The graph of photographs that overlap: which hang together, which hang by a thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from digitize.photos.features import Features
from digitize.photos.matching import match

ALL = 40  # up to so many photographs every pair is looked at
_NEIGHBOURS, _SEQUENCE, _STRONGEST = 16, 3, 48
_STRONG = 40  # shared features of a pair that holds well
METHOD = "estimate: oriented patches matched and checked for one epipolar geometry"


@dataclass(frozen=True, slots=True)
class Overlap:
    """What overlaps.

    Attributes
    ----------
    shared : (i, j) with i < j -> features in one geometry, only pairs that overlap.
    looked_at : how many pairs were compared.
    components : the photographs that hang together, largest group first.
    weak : photographs that hang on others by one pair, or by none that holds well.
    """

    shared: Mapping[tuple[int, int], int]
    looked_at: int
    components: tuple[tuple[int, ...], ...]
    weak: tuple[int, ...]


def overlap(found: list[Features], progress: Callable[[float, str], None]) -> Overlap:
    """Compare photographs in pairs."""
    pairs = _candidates(found)
    shared = dict[tuple[int, int], int]()
    for done, (i, j) in enumerate(pairs):
        if done % 16 == 0:
            progress(done / max(len(pairs), 1), "overlap")
        number = match(found[i], found[j]).shared
        if number:
            shared[i, j] = number
    return graph(len(found), shared, len(pairs))


def graph(count: int, shared: Mapping[tuple[int, int], int], looked_at: int) -> Overlap:
    """Find what hangs together and what hangs weakly."""
    groups = _groups(count, shared)
    by_photo: dict[int, list[int]] = {number: [] for number in range(count)}
    for (i, j), number in shared.items():
        by_photo[i].append(number)
        by_photo[j].append(number)
    largest = set(groups[0]) if groups else set()
    weak = [n for n, held in by_photo.items() if n in largest and len(largest) > 2 and (len(held) < 2 or max(held) < _STRONG)]
    return Overlap(dict(sorted(shared.items())), looked_at, groups, tuple(weak))


def _groups(count: int, shared: Mapping[tuple[int, int], int]) -> tuple[tuple[int, ...], ...]:
    """Give the connected components, the largest first."""
    parent = list(range(count))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for i, j in shared:
        parent[max(root(i), root(j))] = min(root(i), root(j))
    groups: dict[int, list[int]] = {}
    for number in range(count):
        groups.setdefault(root(number), []).append(number)
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group)))


def _candidates(found: list[Features]) -> list[tuple[int, int]]:
    """Choose the pairs to look at: all of a small set, else each one's neighbours in order and in looks."""
    count = len(found)
    if count <= ALL:
        return [(i, j) for i in range(count) for j in range(i + 1, count)]
    pairs = {(i, i + step) for step in range(1, _SEQUENCE + 1) for i in range(count - step)}
    for i in range(count):
        votes = np.array([_votes(found[i], found[j]) if i != j else -1 for j in range(count)])
        pairs |= {(min(i, int(j)), max(i, int(j))) for j in np.argsort(-votes, kind="stable")[:_NEIGHBOURS]}
    return sorted(pairs)


def _votes(one: Features, two: Features) -> int:
    """Count how many of one's strongest features find a like one among the other's."""
    likeness = one.descriptors[:_STRONGEST] @ two.descriptors[:_STRONGEST].T
    return int((likeness.max(axis=1, initial=-1.0) > _LIKE).sum())


_LIKE = 0.85 * 96.0**2

# SPDX-License-Identifier: Apache-2.0
"""Say whether a set of photographs will do, with the reasons."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.photos.overlap import graph
from digitize.photos.verdict import KEEP, Bounds, of_set
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Judge from the facts of `photos` and `sparse`; what the reconstruction found counts more than the estimate.

    Parameters
    ----------
    params : `bounds`, see `digitize.photos.verdict.Bounds`.
    """
    progress(0.0, "judging")
    seen, sparse = read_facts(inputs["photos"]), read_facts(inputs["sparse"])
    kept = {photo["name"]: place for place, photo in enumerate(p for p in seen["photos"] if p["verdict"] == KEEP)}
    held = [pair for pair in seen["overlap"]["pairs"] if pair["one"] in kept and pair["two"] in kept]
    shared = {(kept[pair["one"]], kept[pair["two"]]): pair["shared"] for pair in held}
    told = graph(len(kept), shared, seen["overlap"]["pairs_compared"])
    facts = {"verdict": of_set(seen["photos"], told, Bounds(**params.get("bounds", {})), sparse)}
    write_facts(out, facts)
    return facts

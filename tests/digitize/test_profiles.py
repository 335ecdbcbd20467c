# SPDX-License-Identifier: Apache-2.0
"""Quality profiles: what may stand in them, what a mistake in them is told as, and what a report falls short of."""

import json
from pathlib import Path
from typing import Any

import pytest

from digitize import profile as profiles
from digitize.messages import MESSAGES, phrase
from digitize.profile import FACTS, MEASURES, Limit, ProfileError, load, names, parse
from digitize.verdict import verdict


def profile(*limits: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "own", "version": 2, "title": {"en": "Ours", "zh-hans": "本馆"}, "limits": list(limits), **more}


MEAN = {"kind": "mesh", "measure": "mean_e4", "roles": ["lod-*"], "most": 1.0}


def rendition(role: str, mean: float, **more: Any) -> dict[str, Any]:
    measured = {"per_10000_of_diagonal": {"mean": mean}, "mm": None, "colour_psnr": None, "shape": {"watertight": True}, "atlas": None}
    return {"role": role, "triangles": 100, "bytes": 999, "measured": measured, **more}


def report(*renditions: dict[str, Any], **facts: Any) -> dict[str, Any]:
    return {"facts": {"kind": "mesh", "unit": None, **facts}, "renditions": list(renditions)}


def codes(found: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["code"], one["role"]) for one in found["shortfalls"]]


def test_our_own_profiles_are_valid_and_grow_stricter() -> None:
    assert names() == ["archive", "study", "visit"]
    means = [next(one.value for one in load(name).limits["mesh"] if one.measure == "mean_e4") for name in ("visit", "study", "archive")]
    assert means == sorted(means, reverse=True)


def test_every_measure_has_words() -> None:
    assert [name for name in sorted(MEASURES | FACTS) if f"verdict.{name.replace('_', '-')}" not in MESSAGES] == []


def test_what_keeps_every_limit_passes() -> None:
    assert verdict(report(rendition("lod-0", 0.5), rendition("lod-1", 1.0)), parse(profile(MEAN))) == {
        "profile": "own",
        "version": 2,
        "passes": True,
        "judged": 2,
        "shortfalls": [],
    }


def test_what_falls_short_is_listed_with_role_limit_and_value() -> None:
    found = verdict(report(rendition("lod-0", 0.5), rendition("lod-1", 1.25)), parse(profile(MEAN)))
    assert (found["passes"], codes(found)) == (False, [("verdict.mean-e4", "lod-1")])
    short = found["shortfalls"][0]
    assert (short["limit"], short["got"]) == ({"measure": "mean_e4", "most": 1.0}, 1.25)
    assert short["message"] == "The mean distance in 1e-4 of the diagonal: 1.25, demanded is ≤ 1 (lod-1)."
    assert phrase(short["code"], "zh-hans", short["params"])[0] == "平均误差（对角线的万分之一）：1.25，标准要求 ≤ 1（lod-1）。"


def test_a_rendition_that_is_not_there_falls_short_unless_optional() -> None:
    assert codes(verdict(report(), parse(profile(MEAN)))) == [("verdict.missing", "lod-*")]
    assert verdict(report(), parse(profile({**MEAN, "optional": True})))["passes"] is True


def test_what_is_not_known_cannot_pass() -> None:
    in_mm = {"kind": "mesh", "measure": "mean_mm", "roles": ["lod-0"], "most": 1}
    assert codes(verdict(report(rendition("lod-0", 0.1)), parse(profile(in_mm)))) == [("verdict.unknown", "lod-0")]
    unit = {"kind": "mesh", "measure": "unit_known", "is": True}
    assert codes(verdict(report(), parse(profile(unit)))) == [("verdict.unit-known", None)]
    assert verdict(report(unit="mm"), parse(profile(unit)))["passes"] is True


def test_what_has_no_colour_and_no_texture_cannot_lose_them() -> None:
    limits = [{"kind": "mesh", "measure": name, "roles": ["lod-0"], "most": 0} for name in ("colour_off", "uv_overlap", "texture_side")]
    assert verdict(report(rendition("lod-0", 0.1)), parse(profile(*limits)))["passes"] is True


def test_truths_are_held_as_truths() -> None:
    closed = {"kind": "mesh", "measure": "watertight", "roles": ["*"], "is": True}
    opened = rendition("print-stl", 0.0)
    opened["measured"]["shape"]["watertight"] = False
    assert codes(verdict(report(rendition("lod-0", 0), opened), parse(profile(closed)))) == [("verdict.watertight", "print-stl")]


def test_a_kind_that_the_profile_says_nothing_of_is_not_judged() -> None:
    found = verdict({"facts": {"kind": "sound"}, "renditions": []}, parse(profile(MEAN)))
    assert (found["passes"], found["judged"]) == (None, 0)


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"limits": []}, None),
        ({"name": "No Such Name"}, None),
        ({"version": True}, None),
        ({"title": {"en": "only"}}, None),
        ({"more": 1}, None),
        ({"limits": [MEAN, {**MEAN, "kind": "ghost"}]}, "limit 2"),
        ({"limits": [{**MEAN, "measure": "beauty"}]}, "limit 1"),
        ({"limits": [{**MEAN, "least": 0}]}, "limit 1"),
        ({"limits": [{"kind": "mesh", "measure": "mean_e4", "most": 1}]}, "limit 1"),
        ({"limits": [{**MEAN, "most": float("nan")}]}, "limit 1"),
        ({"limits": [{**MEAN, "most": 10**400}]}, "limit 1"),
        ({"limits": [{**MEAN, "most": True}]}, "limit 1"),
        ({"limits": [{**MEAN, "roles": []}]}, "limit 1"),
        ({"limits": [{**MEAN, "roles": "lod-0"}]}, "limit 1"),
        ({"limits": [{**MEAN, "optional": 1}]}, "limit 1"),
        ({"limits": [{"kind": "mesh", "measure": "watertight", "roles": ["*"], "most": 1}]}, "limit 1"),
        ({"limits": ["mean"]}, "limit 1"),
    ],
)
def test_a_mistake_is_named_with_its_place(changed: dict[str, Any], at: str | None) -> None:
    with pytest.raises(ProfileError) as caught:
        parse({**profile(MEAN), **changed})
    assert (caught.value.code, caught.value.at) == ("profile.invalid", at)


def test_a_museums_own_file_is_read_and_a_missing_one_named(tmp_path: Path) -> None:
    (tmp_path / "own.json").write_text(json.dumps(profile(MEAN)))
    assert load(tmp_path / "own.json").limits == {"mesh": (Limit("mean_e4", "most", 1.0, ("lod-*",)),)}
    (tmp_path / "torn.json").write_text("{")
    for name, code in (("no-such", "profile.unknown"), ("../visit", "profile.unknown"), (tmp_path / "torn.json", "profile.invalid")):
        with pytest.raises(ProfileError) as caught:
            profiles.load(name)
        assert caught.value.code == code

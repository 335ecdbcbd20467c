# SPDX-License-Identifier: Apache-2.0
"""The command that does the main job: its object, its refusals, and what it leaves behind when it is killed."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from digitize.recipe import load
from tests.commands import Instance, files_below
from tests.pipelines.shapes import box_obj, box_ply

LEVELS = ("lod-0", "lod-1", "lod-2", "lod-3", "ar")
ROLES = {  # no KTX2: no form of it keeps the steep gradient of the box within the bound
    "thumbnail",
    "heat",
    "print-stl",
    "report",
    "usdz",
    *(f"{name}{twin}" for name in LEVELS for twin in ("", "-compressed", "-meshopt")),
}
_ALL = tuple(step.name for step in load("mesh").steps)
STEPS = (_ALL[0], _ALL[len(_ALL) // 2], _ALL[-1])  # every stage of every recipe: `test_kills`

pytestmark = pytest.mark.slow


def test_a_scan_goes_in_and_a_verifiable_asset_comes_out(instance: Instance, tmp_path: Path):
    made = instance.json("ingest", box_obj(tmp_path / "box"), "--title", "方匣", "--publish")
    assert {one["role"] for one in made["renditions"]} == ROLES
    assert all((instance.data / one["path"]).stat().st_size == one["bytes"] for one in made["renditions"])
    assert made["page"].endswith(f"/id/{made['asset']}")
    assert made["log"]["size"] == 3
    assert made["cpu_seconds"] > 0
    assert made["peak_bytes"] > 0
    (listed,) = instance.json("list")["assets"]
    assert (listed["asset"], listed["title"], listed["state"]) == (made["asset"], "方匣", "published")
    assert [one["cid"] for one in listed["versions"]] == [made["cid"]]
    assert instance.json("verify") == {"ok": True, **made["log"], "findings": []}
    check_bundles(instance, made["asset"], made["cid"], tmp_path)
    refused = instance.json("ingest", box_obj(tmp_path / "box"), status=2)
    assert (refused["code"], refused["asset"]) == ("duplicate", made["asset"])


def check_bundles(instance: Instance, asset: str, cid: str, tmp_path: Path) -> None:
    """Export both forms and verify them with the verifier that lies inside."""
    policy = tmp_path / "policy.json"
    policy.write_text(instance.run("policy").stdout)
    for words, withheld in (((), 0), (("--public",), 1)):
        out = tmp_path / "out.zip"
        assert instance.json("export", asset, out, *words)["cid"] == cid
        with zipfile.ZipFile(out) as archive:
            archive.extractall(tmp_path / "bundle")
        verifier = [instance.command()[0], str(tmp_path / "bundle" / "verify.py")]
        said = subprocess.run([*verifier, str(out), "--policy", str(policy), "--json"], capture_output=True, text=True, check=True).stdout
        assert said.count("data/originals/") == withheld
        assert subprocess.run([*verifier, str(out)], capture_output=True, check=False).returncode == 3
        shutil.rmtree(tmp_path / "bundle")


def test_killed_at_its_steps_it_resumes_and_ends_like_an_unbroken_run(instance: Instance, other: Instance, tmp_path: Path):
    scan = box_obj(tmp_path / "box")
    for step in STEPS:
        process = instance.start("ingest", scan, "--title", "方匣", "--publish")
        assert process.stderr is not None
        for line in process.stderr:
            if step in line and "started" in line:
                process.kill()
                break
        process.wait()
        assert process.returncode == -9, step
    made = instance.json("ingest", scan, "--title", "方匣", "--publish")
    assert {one["role"] for one in made["renditions"]} == ROLES
    assert instance.json("verify") == {"ok": True, **made["log"], "findings": []}
    assert len(instance.json("list")["assets"]) == 1
    same = other.json("ingest", scan, "--title", "方匣", "--publish")
    key = [(one["role"], Path(one["path"]).name) for one in made["renditions"]]
    assert key == [(one["role"], Path(one["path"]).name) for one in same["renditions"]]
    assert not list((instance.data / "staging").iterdir())
    assert not list((instance.data / "runs").iterdir())


def test_bad_input_is_refused_by_name_and_leaves_nothing(instance: Instance, tmp_path: Path):
    bad = tmp_path / "cut.ply"
    bad.write_bytes(b"ply\nformat ascii 1.0\nelement vertex 8\n")
    before = files_below(instance.data)
    refused = instance.json("ingest", bad, status=2)
    assert set(refused) == {"code", "message", "hint", "retryable", "at"}
    assert all(refused[member] for member in ("code", "message", "hint"))
    assert files_below(instance.data) == before
    assert instance.json("list") == {"assets": []}


def test_what_is_not_there_is_refused_and_wrong_words_are_usage(instance: Instance, tmp_path: Path):
    assert instance.json("ingest", tmp_path / "nothing.ply", status=2)["code"] == "path.missing"
    assert instance.json("ingest", box_ply(tmp_path / "a.ply"), "--institution", "nowhere", status=2)["code"] == "institution.unknown"
    assert instance.run("ingest", "--bogus").returncode == 64
    assert instance.run("no-such-command").returncode == 64

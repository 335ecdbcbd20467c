# SPDX-License-Identifier: Apache-2.0
"""Bundles: what is exported verifies, and says exactly what it is."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ledger import bundle, policy
from ledger.cid import cid_of_folder
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.sequencer import sequence
from ledger.verify import Policy, canonical, parse_policy, verify_bundle
from tests.ledger.bags import write_bag
from tests.ledger.conftest import Writer

ASSET = "0190a0a0-0000-7000-8000-000000000001"
PAYLOAD = {"record.json": b'{"asset":"x"}', "files/master.ply": b"ply" * 1000, "renditions/lod-0.glb": bytes(range(256)) * 40}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give a sealed package whose master may be withheld."""
    write_bag(tmp_path / "package", PAYLOAD, ("files/master.ply",))
    return tmp_path / "package"


@pytest.fixture
def published(write: Writer, package: Path) -> Entry:
    """Give the entry that published the package, numbered among others."""
    for _ in range(5):
        write()
    entry = write("version.publish", subject_id=ASSET, digest=cid_of_folder(package))
    write("ingest.receive", subject_id="other")
    sequence()
    return entry


@pytest.fixture
def exported(published: Entry, package: Path, tmp_path: Path) -> Path:
    """Give the full bundle."""
    return bundle.write(tmp_path / "out.zip", kind="asset", subject_id=ASSET, package=package, entries=[published])


@pytest.fixture
def trust(log: Path) -> Policy:
    """Give the instance's own policy."""
    return policy.parsed()


def codes(path: Path, trust: Policy | None, now: float | None = None) -> tuple[int, list[str]]:
    """Give exit code and findings of a bundle."""
    shown = verify_bundle(path, trust, now).as_json()
    return shown["exit"], [finding["code"] for finding in shown["findings"]]


def test_full_bundle_is_valid(exported: Path, trust: Policy, package: Path) -> None:
    shown = verify_bundle(exported, trust).as_json()
    assert (shown["result"], shown["exit"], shown["findings"], shown["withheld"]) == ("valid", 0, [], [])
    assert (shown["kind"], shown["subject"]) == ("asset", {"kind": "asset", "id": ASSET})
    assert (shown["cid"], shown["status"]) == (cid_of_folder(package), "published")
    assert (shown["checkpoint"]["origin"], shown["checkpoint"]["size"]) == ("qilu.local/log", 7)
    assert [(row["index"], row["kind"]) for row in shown["entries"]] == [(5, "version.publish")]


def test_unpacked_folder_is_the_same_bundle(exported: Path, trust: Policy, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert verify_bundle(tmp_path / "unpacked", trust).as_json() == verify_bundle(exported, trust).as_json()


def test_rezipping_changes_nothing(exported: Path, trust: Policy, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as archive, zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_LZMA) as again:
        again.comment = b"packed elsewhere"
        again.writestr("package/", "")
        for name in reversed(archive.namelist()):
            again.writestr(name, archive.read(name))
    assert codes(tmp_path / "again.zip", trust) == (0, [])


def test_withheld_form_shares_the_cid(published: Entry, package: Path, trust: Policy, tmp_path: Path) -> None:
    out = bundle.write(
        tmp_path / "w.zip",
        kind="asset",
        subject_id=ASSET,
        package=package,
        entries=[published],
        withheld=frozenset({"data/files/master.ply"}),
    )
    shown = verify_bundle(out, trust).as_json()
    assert (shown["exit"], shown["withheld"], shown["cid"]) == (0, ["data/files/master.ply"], cid_of_folder(package))
    assert "package/data/files/master.ply" not in zipfile.ZipFile(out).namelist()


def test_only_listed_files_can_be_withheld(published: Entry, package: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        bundle.write(
            tmp_path / "w.zip",
            kind="asset",
            subject_id=ASSET,
            package=package,
            entries=[published],
            withheld=frozenset({"data/record.json"}),
        )
    assert caught.value.code == "bundle.package"
    assert [path.name for path in tmp_path.iterdir() if "zip" in path.name] == []


def test_export_twice_gives_equal_bytes(exported: Path, published: Entry, package: Path, tmp_path: Path) -> None:
    again = bundle.write(tmp_path / "again.zip", kind="asset", subject_id=ASSET, package=package, entries=[published])
    assert again.read_bytes() == exported.read_bytes()


def test_wrong_entry_is_refused_at_export(write: Writer, published: Entry, package: Path, tmp_path: Path) -> None:
    other = Entry.objects.get(index=0)
    with pytest.raises(LedgerError) as caught:
        bundle.write(tmp_path / "o.zip", kind="asset", subject_id=ASSET, package=package, entries=[other])
    assert (caught.value.code, "entry.missing" in caught.value.message) == ("bundle.proof", True)


def test_unnumbered_entry_is_refused(write: Writer, published: Entry, package: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        bundle.write(tmp_path / "o.zip", kind="asset", subject_id=ASSET, package=package, entries=[published, write()])
    assert (caught.value.code, caught.value.retryable) == ("entry.unnumbered", True)


def test_stale_by_the_policys_age(exported: Path, trust: Policy) -> None:
    later = time.time() + trust.max_age + 60
    assert codes(exported, trust, later) == (2, ["checkpoint.stale"])
    assert codes(exported, trust, time.time() - 3600) == (2, ["checkpoint.future"])


def test_no_policy_and_foreign_policy_give_unknown_key(exported: Path, trust: Policy) -> None:
    foreign = Policy((), (), 0, trust.max_age)
    assert codes(exported, None) == (3, ["policy.unknown-key"])
    assert codes(exported, foreign) == (3, ["policy.unknown-key"])


def test_quorum_beyond_the_witnesses_is_invalid(exported: Path, trust: Policy) -> None:
    from ledger.verify import COSIGNATURE_V1, Key

    strict = Policy(trust.logs, (*trust.witnesses, Key("other/witness", COSIGNATURE_V1, bytes(32))), 2, trust.max_age)
    assert codes(exported, strict) == (1, ["witness.quorum"])


def test_withdrawn_version_says_so(write: Writer, published: Entry, package: Path, trust: Policy, tmp_path: Path) -> None:
    write("version.withdraw", subject_id=ASSET, digest=cid_of_folder(package))
    sequence()
    out = bundle.write(tmp_path / "x.zip", kind="asset", subject_id=ASSET, package=package, entries=[published])
    assert verify_bundle(out, trust).status == "withdrawn"
    assert codes(out, trust) == (0, [])


@pytest.mark.parametrize(
    ("ends", "revoked", "expected"),
    [
        ("2999-01-01", False, (0, [], "active")),
        (None, False, (0, [], "active")),
        ("2999-01-01", True, (1, ["licence.revoked"], "revoked")),
        ("2020-01-01", False, (1, ["licence.expired"], "expired")),
    ],
)
def test_licence_states(
    write: Writer, tmp_path: Path, trust: Policy, *, ends: str | None, revoked: bool, expected: tuple[int, list[str], str]
) -> None:
    cid = write_bag(tmp_path / "receipt", {"receipt.json": b"{}"})
    grant = write("licence.grant", subject_kind="licence", subject_id="l1", digest=cid, facts={"asset": ASSET, "scope": {"ends_on": ends}})
    if revoked:
        write("licence.revoke", subject_kind="licence", subject_id="l1", digest=cid)
    sequence()
    out = bundle.write(tmp_path / "l.zip", kind="licence", subject_id="l1", package=tmp_path / "receipt", entries=[grant])
    assert (*codes(out, trust), verify_bundle(out, trust).status) == expected


def test_command_line_in_a_bare_process(exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(tmp_path / "b")
    (tmp_path / "policy.json").write_bytes(canonical(policy.make()))
    call = [sys.executable, "-I", str(tmp_path / "b" / "verify.py"), str(exported), "--policy", str(tmp_path / "policy.json")]
    done = subprocess.run([*call, "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["result"], done.stderr) == (0, "valid", "")
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "valid")


@pytest.mark.parametrize(
    ("arguments", "code"), [(["nowhere.zip"], 64), ([], 64), (["nowhere.zip", "--policy", "nowhere.json"], 64), (["."], 64)]
)
def test_usage_exits(arguments: list[str], code: int, tmp_path: Path) -> None:
    from ledger import verify

    done = subprocess.run([sys.executable, "-I", verify.__file__, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


@pytest.mark.parametrize("garbage", [b"", b"PK", b"PK\x03\x04" + bytes(100), b"x" * 5000, b"PK\x05\x06" + bytes(18)])
def test_garbage_is_not_a_bundle(garbage: bytes, tmp_path: Path, trust: Policy) -> None:
    (tmp_path / "g.zip").write_bytes(garbage)
    assert codes(tmp_path / "g.zip", trust)[0] == 64


def test_truncated_bundle_is_refused_at_every_length(exported: Path, tmp_path: Path, trust: Policy) -> None:
    data = exported.read_bytes()
    for length in range(0, len(data), max(1, len(data) // 60)):
        (tmp_path / "t.zip").write_bytes(data[:length])
        assert codes(tmp_path / "t.zip", trust)[0] in (1, 64)


def test_zip_bomb_is_refused_without_reading_it(tmp_path: Path, trust: Policy) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("package/data/zeros", "w", force_zip64=True) as stream:
            for _ in range(64):
                stream.write(bytes(1 << 20))
        archive.infolist()[0].file_size = 1 << 40
    assert codes(tmp_path / "bomb.zip", trust) == (1, ["bundle.bomb"])


def test_link_in_a_folder_is_refused(exported: Path, tmp_path: Path, trust: Policy) -> None:
    with zipfile.ZipFile(exported) as archive:
        archive.extractall(tmp_path / "b")
    (tmp_path / "b" / "package" / "data" / "link").symlink_to("/etc/passwd")
    assert codes(tmp_path / "b", trust) == (1, ["member.unsafe"])


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format":"qilu-policy/1","logs":[],"witnesses":[],"quorum":1,"max_age":1}',
        b'{"format":"qilu-policy/1","logs":["x"]}',
    ],
)
def test_policy_that_is_none(text: bytes) -> None:
    from ledger.verify import VerifyError

    with pytest.raises(VerifyError):
        parse_policy(text)

# SPDX-License-Identifier: Apache-2.0
"""A thousand seeded changes to a bundle and a thousand to a log: each is refused, and for the right reason."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import shutil
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from ledger import bundle, policy, verify
from ledger.audit import audit
from ledger.keys import Signer, make
from ledger.models import Checkpoint, Entry
from ledger.sequencer import sequence
from ledger.tiles import Tiles, growth
from ledger.verify import COSIGNATURE_V1, ED25519, Policy, TreeHead, canonical, head_text, is_tag_file, leaf_hash, verify_bundle
from tests.ledger.bags import manifest, write_bag
from tests.ledger.conftest import Writer
from tests.ledger.test_audit import unseal

Members = dict[str, bytes]
Change = tuple[list[tuple[str, bytes]], set[str]]  # members as they lie in the zip, and the codes of which at least one must be found
PAYLOAD = {"record.json": b'{"asset":"s"}', "files/master.ply": b"ply" * 50, "renditions/lod-0.glb": bytes(range(256))}
UNREADABLE = {
    "json.malformed",
    "json.not-canonical",
    "bundle.malformed",
    "bundle.signature",
    "key.malformed",
    "json.number",
    "json.text",
    "json.depth",
}


@pytest.fixture
def members(write: Writer, tmp_path: Path) -> Members:
    """Give the members of an exported bundle."""
    cid = write_bag(tmp_path / "package", PAYLOAD, ("files/master.ply",))
    for _ in range(4):
        write()
    entry = write("version.publish", subject_id="s", digest=cid)
    sequence()
    out = bundle.write(tmp_path / "out.zip", kind="asset", subject_id="s", package=tmp_path / "package", entries=[entry])
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, members: list[tuple[str, bytes]]) -> Path:
    """Write a zip with these members, doubled ones included."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name), body)
    return path


def changed_bytes(dice: random.Random, body: bytes) -> bytes:
    """Change bytes: flip a bit, cut, append, insert, replace by others."""
    way, place = dice.randrange(5), dice.randrange(max(len(body), 1))
    if way == 0 and body:
        return body[:place] + bytes((body[place] ^ 1 << dice.randrange(8),)) + body[place + 1 :]
    if way == 1 and body:
        return body[:place]
    if way == 2:
        return body + dice.randbytes(dice.randint(1, 9))
    if way == 3:
        return body[:place] + dice.choice([b"\n", b" ", b"\0", b"x"]) + body[place:]
    other = dice.randbytes(len(body))
    return other if other != body else body + b"!"


def mend(members: Members) -> Members:
    """Mend every digest that a change to the package or the bundle broke, all but what needs a key."""
    package = {name[8:]: body for name, body in members.items() if name.startswith("package/")}
    payload = {name: body for name, body in package.items() if name.startswith("data/")}
    package["manifest-sha256.txt"] = manifest(payload)
    package["tagmanifest-sha256.txt"] = manifest(
        {name: body for name, body in package.items() if is_tag_file(name) and not name.startswith("tag")}
    )
    members = {**members, **{f"package/{name}": body for name, body in package.items()}}
    listing = json.loads(members["bundle.json"])
    listing["members"] = [
        {"name": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        for name, body in sorted(members.items())
        if name != "bundle.json"
    ]
    nodes = {name: verify.measure([body]) for name, body in package.items()}
    listing["cid"] = verify.cid_text(verify.tree_node({name: facts.node for name, facts in nodes.items()}).cid)
    return {**members, "bundle.json": canonical(listing)}


def resign(members: Members, signer: Signer, **changes: Any) -> Members:
    """Sign bundle.json with another key."""
    listing = {**json.loads(members["bundle.json"]), "log": signer.key.text, **changes}
    blob = signer.key.id + signer.private.sign(verify.bundle_text(listing).encode())
    return {**members, "bundle.json": canonical({**listing, "signature": base64.b64encode(blob).decode()})}


def forge(members: Members, log: Signer, witness: Signer) -> Members:
    """Forge the whole proof: a log of one's own with the same entry, signed and witnessed by oneself."""
    leaf = members["proof/4.json"]
    text = head_text(TreeHead(log.key.name, 1, leaf_hash(leaf)))
    checkpoint = f"{text}\n{log.sign(text)}{witness.cosign(text, 2_000_000_000)}".encode()
    proof = verify.proof_text(verify.LogProof(0, (), checkpoint))
    kept = {name: body for name, body in members.items() if not name.startswith("proof/")}
    forged = mend({**kept, "proof/0.json": leaf, "proof/0.tlog-proof": proof, "proof/checkpoint": checkpoint})
    return resign(forged, log, entries=[0], witnesses=[witness.key.text])


def change_one(dice: random.Random, members: Members, name: str) -> Change:
    """Change one member's content, presence or name, and say what it must be called."""
    body, changed = members[name], changed_bytes(dice, members[name])
    rest = [(one, data) for one, data in members.items() if one != name]
    added = dice.choice(["x", "package/data/x", "proof/9.json", "package/extra.txt", "a/b/c", name + "x"])
    to = dice.choice([name + "~", "x/" + name, "../" + name, "/" + name, name.swapcase(), name + "/x", name.replace("/", "//", 1)])
    made: list[Change] = [
        ([*rest, (name, changed)], {"member.changed"} if name != "bundle.json" else UNREADABLE),
        (rest, {"member.missing"}),
        ([*rest, (name, body), (added, dice.randbytes(3))], {"member.extra"}),
        ([*rest, (to if to != name else name + "y", body)], {"member.missing", "member.extra", "member.unsafe"}),
        ([*rest, (name, body), (name, dice.choice([body, changed]))], {"member.doubled"}),
        ([*rest, (name, body), (name.swapcase(), body)], {"member.doubled", "member.case-clash"}),
    ]
    return dice.choice(made)


def change_many(dice: random.Random, members: Members, thief: Signer) -> Change:
    """Change a member and mend what a thief could mend, or exchange two members; say what it must be called."""
    name = dice.choice(sorted(one for one in members if "manifest" not in one and one != "bundle.json"))
    other = dice.choice([one for one in sorted(members) if members[one] != members[name]])
    mended = mend({**members, name: changed_bytes(dice, members[name])})
    made: list[tuple[Members, set[str]]] = [
        ({**members, name: members[other], other: members[name]}, {"member.changed"} | UNREADABLE),
        (mended, {"bundle.signature"}),
        (resign(mended, thief), {"checkpoint.origin", "package.cid", *BAG, *PROOF}),
    ]
    chosen, codes = dice.choice(made)
    return list(chosen.items()), codes


def change(dice: random.Random, members: Members, thief: Signer) -> Change:
    """Make one change and say what it must be called."""
    if dice.random() < 0.4:
        return change_many(dice, members, thief)
    return change_one(dice, members, dice.choice(sorted(members)))


BAG = {
    "bag.malformed",
    "bag.declaration",
    "bag.digest",
    "bag.fetch",
    "bag.oxum",
    "bag.path",
    "package.withheld",
    "cid.malformed",
    "bag.missing",
}
BAG |= {"bag.unlisted"}
PROOF = {
    "note.malformed",
    "checkpoint.malformed",
    "note.signature",
    "proof.malformed",
    "proof.checkpoint",
    "proof.inclusion",
    "entry.malformed",
}


def test_a_thousand_changed_bundles_are_refused(members: Members, tmp_path: Path) -> None:
    dice, trust = random.Random(20261122), policy.parsed()
    thief = make(tmp_path / "thief", "qilu.local/log", ED25519)
    assert verify_bundle(pack(tmp_path / "t.zip", list(members.items())), trust).exit == 0
    for number in range(1000):
        made, expected = change(dice, members, thief)
        report = verify_bundle(pack(tmp_path / "t.zip", made), trust)
        found = {finding.code for finding in report.findings}
        assert (report.exit, found - expected) == (1, set()), (number, expected)
        assert found, number


def test_bytes_of_the_zip_itself_are_refused_or_mean_nothing(members: Members, tmp_path: Path) -> None:
    """Change raw bytes of the zip: never an exception, and valid only where names and contents are what they were."""
    dice, trust = random.Random(11), policy.parsed()
    good = pack(tmp_path / "t.zip", list(members.items())).read_bytes()
    for number in range(400):
        bad = changed_bytes(dice, good)
        (tmp_path / "t.zip").write_bytes(bad)
        code = verify_bundle(tmp_path / "t.zip", trust).exit
        assert code in (0, 1, 64), number
        if code == 0:
            with zipfile.ZipFile(tmp_path / "t.zip") as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == members


def test_changed_folders_are_refused_like_changed_zips(members: Members, tmp_path: Path) -> None:
    dice, trust = random.Random(7), policy.parsed()
    for number in range(150):
        name = dice.choice(sorted(members))
        folder = tmp_path / f"f{number}"
        for one, body in members.items():
            (folder / one).parent.mkdir(parents=True, exist_ok=True)
            (folder / one).write_bytes(changed_bytes(dice, body) if one == name else body)
        report = verify_bundle(folder, trust)
        assert (report.exit, {finding.code for finding in report.findings} <= {"member.changed"} | UNREADABLE) == (1, True)
        shutil.rmtree(folder)


def test_a_forged_log_is_an_unknown_key_not_a_valid_one(members: Members, tmp_path: Path) -> None:
    thief, friend = make(tmp_path / "thief", "qilu.local/log", ED25519), make(tmp_path / "friend", "qilu.local/witness", COSIGNATURE_V1)
    path = pack(tmp_path / "t.zip", list(forge(members, thief, friend).items()))
    trust = policy.parsed()
    assert (verify_bundle(path, trust).exit, verify_bundle(path, None).exit) == (3, 3)
    own = Policy((thief.key,), (friend.key,), 1, 10**12)
    assert (verify_bundle(path, own, 2_000_000_001).exit, verify_bundle(path, own, 2_000_000_001).findings) == (0, [])


def test_a_stolen_log_key_alone_does_not_reach_the_quorum(members: Members, log: Path, tmp_path: Path) -> None:
    from ledger.sequencer import open_keys

    friend = make(tmp_path / "friend", "qilu.local/witness", COSIGNATURE_V1)
    path = pack(tmp_path / "t.zip", list(forge(members, open_keys()[0], friend).items()))
    assert [finding.code for finding in verify_bundle(path, policy.parsed()).findings] == ["witness.quorum"]


def test_another_bundle_of_the_same_log_lends_no_part(members: Members, write: Writer, tmp_path: Path) -> None:
    """Put the proofs of one genuine bundle into another."""
    cid = write_bag(tmp_path / "second", {"record.json": b'{"asset":"t"}'})
    entry = write("version.publish", subject_id="t", digest=cid)
    sequence()
    out = bundle.write(tmp_path / "second.zip", kind="asset", subject_id="t", package=tmp_path / "second", entries=[entry])
    with zipfile.ZipFile(out) as archive:
        other = {name: archive.read(name) for name in archive.namelist()}
    for taken in ("proof/checkpoint", "bundle.json", "package/bagit.txt", "package/data/record.json", "verify.py", "README.txt"):
        mixed = {**members, taken: other[taken]}
        assert verify_bundle(pack(tmp_path / "t.zip", list(mixed.items())), policy.parsed()).exit == int(mixed != members)


# ---------------------------------------------------------------------------------------------------------------- the log


@pytest.fixture
def grown(write: Writer, log: Path) -> Path:
    """Give the folder of a log of several checkpoints."""
    for count in (1, 4, 9, 6):
        for number in range(count):
            write(subject_id=f"a{number}", digest=f"d{number}", facts={"number": number, "half": number / 2})
        sequence()
    assert audit() == []
    return log / "log"


COLUMNS = ("uuid", "kind", "subject_kind", "subject_id", "digest", "facts", "time", "private")


def row_change(dice: random.Random, size: int) -> tuple[str, list[Any], set[str]]:
    """Give a statement that changes a row, and what it must be called."""
    index = dice.randrange(size)
    row = Entry.objects.values_list(*COLUMNS, named=True).get(index=index)
    way = dice.randrange(8)
    if way == 0:
        return 'DELETE FROM ledger_entry WHERE "index" = %s', [index], {"entry.missing"}
    if way == 1:
        place = dice.choice([None, -1, size + dice.randrange(9), 10**9])
        return 'UPDATE ledger_entry SET "index" = %s WHERE "index" = %s', [place, index], {"entry.missing"}
    if way == 2:
        sets = dice.choice(["root = 'ff'", "size = size + 100", "time = '2001-01-01 00:00:00'"])
        sizes = list(Checkpoint.objects.values_list("size", flat=True))
        return f"UPDATE ledger_checkpoint SET {sets} WHERE size = %s", [dice.choice(sizes)], {"checkpoint.contradiction"}
    column = dice.choice(COLUMNS)
    values: dict[str, list[Any]] = {
        "facts": [json.dumps(value) for value in ({}, {**row.facts, "x": 1}, {"number": dice.random()}, [], None, {"half": 1})],
        "time": ["2001-01-01 00:00:00", "2031-01-01 00:00:00.000001"],
        "uuid": [dice.randbytes(16).hex()],
    }
    text = getattr(row, column) if isinstance(getattr(row, column), str) else ""
    value = dice.choice(values.get(column, [text + "x", text[:-1] + "é", text.upper() + "!"]))
    if column == "private":
        return 'UPDATE ledger_entry SET private = %s WHERE "index" = %s', [dice.randbytes(32).hex(), index], {"entry.changed"}
    return f'UPDATE ledger_entry SET {column} = %s WHERE "index" = %s', [value, index], {"entry.changed"}


def test_a_thousand_changed_rows_are_found(grown: Path) -> None:
    dice, size = random.Random(3), Entry.objects.count()
    unseal()
    for number in range(1000):
        with transaction.atomic():
            statement, values, expected = row_change(dice, size)
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            found = {finding.code for finding in audit()}
            transaction.set_rollback(True)
        assert found & expected, (number, statement, values, found)
    assert audit() == []


FOUND = {"tile": {"tile.changed", "root.mismatch", "entries.unreadable", "file.missing", "file.unknown", "entry.malformed"}}
FOUND["checkpoints"] = FOUND["checkpoint"] = {
    "checkpoint.invalid",
    "checkpoint.misplaced",
    "checkpoint.changed",
    "checkpoint.contradiction",
}


def file_change(dice: random.Random, folder: Path) -> tuple[list[tuple[Path, bytes | None]], set[str]]:
    """Give what to write into the log's files (None: remove), and what it must be called."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    path = dice.choice(files)
    other = dice.choice([one for one in files if one.read_bytes() != path.read_bytes()])
    codes = FOUND[path.relative_to(folder).parts[0]]
    names = ["x", "tile/9/000", "tile/0/000", "checkpoints/999", "tile/0/000.p/255", "a/b", "tile/entries/000.p/7", ".hidden"]
    renamed = path.with_name(path.name + dice.choice("x7"))
    made: list[tuple[list[tuple[Path, bytes | None]], set[str]]] = [
        ([(path, None)], codes),
        ([(folder / dice.choice(names), dice.randbytes(dice.randrange(64)))], {"file.unknown", "checkpoint.invalid"}),
        ([(path, None), (renamed, path.read_bytes())], codes | {"file.unknown", "checkpoint.invalid"}),
        ([(path, other.read_bytes())], codes),
        ([(path, changed_bytes(dice, path.read_bytes()))], codes),
    ]
    return dice.choice(made)


def apply(writes: list[tuple[Path, bytes | None]]) -> None:
    """Write or remove files."""
    for path, body in writes:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink() if body is None else path.write_bytes(body)


def restore(folder: Path, kept: Path, paths: list[Path]) -> None:
    """Bring files back as they were, and remove those that were not there."""
    for path in paths:
        before = kept / path.relative_to(folder)
        if before.exists():
            path.write_bytes(before.read_bytes())
        else:
            path.unlink()
            for parent in [parent for parent in path.parents if folder in parent.parents and not any(parent.iterdir())]:
                parent.rmdir()


def test_a_thousand_changed_files_are_found(grown: Path) -> None:
    dice, kept = random.Random(5), grown.with_name("kept")
    shutil.copytree(grown, kept)
    for number in range(1000):
        writes, expected = file_change(dice, grown)
        apply(writes)
        found = {finding.code for finding in audit()}
        restore(grown, kept, [path for path, _ in writes])
        assert found & expected, (number, found, expected)
    assert audit() == []


def test_every_bit_of_a_checkpoint_counts(grown: Path) -> None:
    path = grown / "checkpoint"
    good = path.read_bytes()
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes((good[place] ^ 4,)) + good[place + 1 :])
        assert [finding.code for finding in audit()] == ["checkpoint.changed"]
    path.write_bytes(good)


def test_a_rewritten_log_needs_the_keys(grown: Path, tmp_path: Path) -> None:
    """Rewrite history everywhere at once, with all files, rows and roots mended, but without the log's and the witness's keys."""
    unseal()
    leaves = list(Tiles().leaves(0, 20))
    forged = json.loads(leaves[7])
    forged["digest"] = "forged"
    leaves[7] = canonical(forged)
    for path, data in growth(Tiles(tmp_path), 0, leaves):
        (grown / path).write_bytes(data)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET digest = 'forged' WHERE \"index\" = 7")
    found = audit()
    assert {finding.code for finding in found} >= {"root.mismatch"}
    assert all(finding.code in {"root.mismatch", "tile.changed"} for finding in found)

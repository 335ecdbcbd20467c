# SPDX-License-Identifier: Apache-2.0
"""Writes bundles: a sealed package with everything that someone offline needs to check it."""

from __future__ import annotations

import base64
import hashlib
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from ledger import policy, sequencer, verify
from ledger.enums import Kind
from ledger.errors import LedgerError
from ledger.models import Anchor, Entry
from ledger.tiles import Tiles
from ledger.verify import LogProof, TreeHead, VerifyError

Content = Path | bytes
EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip's own bookkeeping says nothing, so two exports of one state are equal
COMPRESSIBLE = {".csv", ".gltf", ".html", ".json", ".jsonld", ".mtl", ".obj", ".ply", ".py", ".stl", ".svg", ".txt", ".wav", ".xml"}
ENDING = {"asset": Kind.VERSION_WITHDRAW, "licence": Kind.LICENCE_REVOKE}
GENUINE = {"licence.revoked", "licence.expired"}  # findings that a bundle may have and still be worth exporting

README = """\
这是“齐鲁”平台导出的可验证资料包。 This is a verifiable bundle exported by Qilu.

package/     封存的资料包（BagIt）         the sealed package, a BagIt bag named by one CID
proof/       日志条目、证明和见证的检查点   entries of the log, their proofs, the witnessed checkpoint
bundle.json  每个文件的散列，由日志签名     every member's hash, signed by the log
verify.py    验证程序，只需 Python 3.11 和 cryptography

验证 / Verify:  python3 verify.py BUNDLE --policy policy.json

BUNDLE 是这个压缩包，或解压后的文件夹；policy.json 请放在文件夹之外，并另行向您信任的一方索取；包里的密钥不可作为信任的依据。
BUNDLE is the zip, or the folder it unpacks to. Keep policy.json outside that folder, and get it from someone you trust, never from the place
this bundle came from. Better still, use a verify.py of your own.
"""


def write(
    out: Path,
    *,
    kind: Literal["asset", "licence"],
    subject_id: UUID | str,
    package: Path,
    entries: list[Entry],
    withheld: frozenset[str] = frozenset(),
    facts: Mapping[str, Any] | None = None,
) -> Path:
    """Write a bundle as a zip and give its path; anyone who may see the package may call it.

    Parameters
    ----------
    out
        The zip to write; it appears only when it is whole and verifies.
    kind, subject_id
        What the bundle is about.
    package
        The sealed bag.
    entries
        The entries to prove, among them the one that sealed the package; withdrawals and revocations of it come along by themselves.
    withheld
        Paths inside the package (`data/…`) to leave out; fetch.txt must list them.
    facts
        Public JSON for bundle.json.

    Raises
    ------
    LedgerError
        `entry.unnumbered`, `bundle.package` or `bundle.proof`.
    """
    subject = {"kind": kind, "id": str(subject_id)}
    head, checkpoint = newest()
    indices = proven(entries, subject, head)
    payload, left_out, cid = packed(package, withheld)
    members: dict[str, Content] = {**payload, **proofs(indices, head, checkpoint)}
    members |= {"verify.py": Path(verify.__file__), "README.txt": README.encode()}
    signed = {"kind": kind, "subject": subject, "cid": cid, "withheld": left_out, "entries": indices, "facts": dict(facts or {})}
    listing = listed(members, signed)
    fresh = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        pack(fresh, {"bundle.json": listing, **members})
        check(fresh)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
    return out


def newest() -> tuple[TreeHead, bytes]:
    """Give the newest checkpoint, parsed and as it is."""
    data = Tiles().checkpoint_path.read_bytes() if Tiles().checkpoint_path.exists() else b""
    if not data:
        raise LedgerError("bundle.proof", reason="the log is empty")
    return verify.parse_head(verify.parse_note(data).text), data


def proven(entries: list[Entry], subject: Mapping[str, str], head: TreeHead) -> list[int]:
    """Give the places of the entries to prove, with those that end what the package grants."""
    ending = Entry.objects.filter(kind=ENDING[subject["kind"]], subject_kind=subject["kind"], subject_id=subject["id"])
    rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries]) | ending
    indices = []
    for row in rows.distinct():
        if row.index is None or row.index >= head.size:
            raise LedgerError("entry.unnumbered", entry=row.uuid)
        indices.append(row.index)
    return sorted(indices)


def packed(package: Path, withheld: frozenset[str]) -> tuple[dict[str, Content], list[str], str]:
    """Give the package's files by member name, the paths that are left out, and the CID of the whole.

    Raises
    ------
    LedgerError
        `bundle.package`, where the bag is not valid as it stands.
    """
    try:
        files = {member.name: member for member in verify.folder_members(package)}
        kept = {name: member for name, member in files.items() if name not in withheld}
        tags = {name: member.read() for name, member in kept.items() if verify.is_tag_file(name)}
        algorithms = [name for name in verify.ALGORITHMS if f"manifest-{name}.txt" in tags]
        bag, node = verify.check_bag({name: verify.measure(member.blocks(), algorithms) for name, member in kept.items()}, tags)
    except (OSError, VerifyError) as error:
        raise LedgerError("bundle.package", reason=str(error)) from None
    if bag.findings:
        raise LedgerError("bundle.package", reason=f"{bag.findings[0].code}: {bag.findings[0].message}")
    return {f"package/{name}": package / name for name in sorted(kept)}, list(bag.withheld), verify.cid_text(node.cid)


def proofs(indices: list[int], head: TreeHead, checkpoint: bytes) -> dict[str, Content]:
    """Give the proof files by member name."""
    tiles = Tiles()
    found: dict[str, Content] = {"proof/checkpoint": checkpoint}
    for index in indices:
        proof = LogProof(index, tiles.inclusion(index, head.size), checkpoint)
        found[f"proof/{index}.json"] = tiles.leaf(index, head.size)
        found[f"proof/{index}.tlog-proof"] = verify.proof_text(proof)
    anchor = Anchor.objects.filter(error="", size__lte=head.size, size__gt=max(indices, default=0)).first()
    if anchor:
        found["proof/anchor.json"] = anchor_record(anchor, head, tiles)
    return found


def anchor_record(anchor: Anchor, head: TreeHead, tiles: Tiles) -> bytes:
    """Give where a head was anchored, with the proof that the checkpoint continues it, and how much that is worth."""
    names = ("size", "root", "chain", "chain_id", "genesis", "contract", "transaction", "block_number", "block_hash", "ephemeral")
    grade = "none: the chain lived in this process only" if anchor.ephemeral else "as good as the chain's independence of this log"
    value = {name: getattr(anchor, name) for name in names}
    proof = [base64.b64encode(step).decode() for step in tiles.consistency(anchor.size, head.size)]
    return verify.canonical({**value, "evidence": grade, "consistency": proof})


def _blocks(content: Content) -> Iterator[bytes]:
    """Give a member's bytes block by block."""
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while block := stream.read(verify.BLOCK):
            yield block


def _row(name: str, content: Content) -> dict[str, Any]:
    """Describe one member."""
    hasher, length = hashlib.sha256(), 0
    for block in _blocks(content):
        hasher.update(block)
        length += len(block)
    return {"name": name, "bytes": length, "sha256": hasher.hexdigest()}


def listed(members: Mapping[str, Content], signed: Mapping[str, Any]) -> bytes:
    """Compose bundle.json and sign it with the log's key."""
    signer, witness = sequencer.open_keys()
    listing = {
        "format": verify.BUNDLE_FORMAT,
        "members": [_row(name, members[name]) for name in sorted(members)],
        "log": signer.key.text,
        "witnesses": [witness.signer().key.text],
        **signed,
    }
    blob = signer.key.id + signer.private.sign(verify.bundle_text(listing).encode())
    return verify.canonical({**listing, "signature": base64.b64encode(blob).decode()})


def pack(out: Path, members: Mapping[str, Content]) -> None:
    """Write the zip: sorted names, no clock."""
    with zipfile.ZipFile(out, "x") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = 0o100644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED if Path(name).suffix in COMPRESSIBLE else zipfile.ZIP_STORED
            with archive.open(info, "w", force_zip64=True) as stream:
                for block in _blocks(members[name]):
                    stream.write(block)


def check(out: Path) -> None:
    """Verify what was written as its receiver will.

    Raises
    ------
    LedgerError
        `bundle.proof`.
    """
    report = verify.verify_bundle(out, policy.parsed())
    wrong = [finding for finding in report.findings if finding.code not in GENUINE]
    if wrong or not report.known:
        said = f"{wrong[0].code}: {wrong[0].message} ({wrong[0].member})" if wrong else "the log's key is not the policy's"
        raise LedgerError("bundle.proof", reason=said)

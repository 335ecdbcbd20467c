# SPDX-License-Identifier: Apache-2.0
"""What the log says of packages and versions, held against the folders, the rows and the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from assets import packages, stores
from assets.errors import AssetsError
from assets.models import Version
from ledger.audit import AuditReport, Finding, run
from ledger.cid import cid_of_folder
from ledger.verify import VerifyError, canonical

SEALING_KINDS = ("version.publish", "licence.grant")


class PackageAudit:
    """Check each entry that names a package, and remember which versions the log knows."""

    def __init__(self) -> None:
        self._versions = {str(version.entry): version for version in Version.objects.all()}
        self._seen: set[str] = set()

    def __call__(self, index: int, leaf: dict[str, Any]) -> Iterator[Finding]:
        """Give what is wrong with what one entry names."""
        kind = leaf.get("kind")
        if kind in SEALING_KINDS and leaf.get("digest"):
            yield from check_package(index, str(leaf["digest"]))
        if kind == "version.publish":
            yield from self._version(index, leaf)
        if kind == "ingest.receive":
            yield from _original(index, str(leaf.get("digest")))

    def _version(self, index: int, leaf: dict[str, Any]) -> Iterator[Finding]:
        """Hold a version's row against its entry and its package."""
        self._seen.add(str(leaf["id"]))
        row = self._versions.get(str(leaf["id"]))
        if row is None:
            yield Finding("version.missing", "the database has no version for this entry", index)
            return
        if (row.cid, str(row.asset_id), str(row.pk), row.number) != (
            leaf["digest"],
            leaf["subject"]["id"],
            leaf["facts"]["version"],
            leaf["facts"]["number"],
        ):
            yield Finding("version.differs", f"version {row.pk} is not what the log says", index)
        sealed = packages.folder() / row.cid / "data" / "record.json"
        if sealed.is_file() and sealed.read_bytes() != _canonical(row.record):
            yield Finding("version.record", f"the record of version {row.pk} is not that of its package", index)

    def unlogged(self) -> Iterator[Finding]:
        """Give the versions whose entry the log does not have."""
        for entry, version in self._versions.items():
            if entry not in self._seen:
                yield Finding("version.unlogged", f"version {version.pk} has no numbered entry {entry}")


def _canonical(record: Any) -> bytes:  # JSON is what it is
    """Write a record as its package does; empty where it cannot be."""
    try:
        return canonical(record)
    except VerifyError:
        return b""


def check_package(index: int, cid: str) -> Iterator[Finding]:
    """Give what is wrong with a sealed package."""
    try:
        found = cid_of_folder(packages.path(cid))
    except AssetsError:
        yield Finding("package.missing", f"the package {cid} is not here", index)
        return
    except (OSError, ValueError, VerifyError) as error:
        yield Finding("package.unreadable", f"the package {cid}: {error}"[:200], index)
        return
    if found != cid:
        yield Finding("package.differs", f"the package {cid} has become {found}", index)


def _original(index: int, cid: str) -> Iterator[Finding]:
    """Give what is missing of an original."""
    try:
        stores.default().path(cid)
    except AssetsError:
        yield Finding("original.missing", f"the original {cid} is not in the store", index)


def surplus() -> Iterable[Finding]:
    """Give what lies among the packages and is none."""
    folder = packages.folder()
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not place.is_dir() or place.name.startswith(".new-"):
            yield Finding("package.stray", f"packages/{place.name} is no sealed package")


def audit() -> AuditReport:
    """Audit log, database and packages; what cannot be read is a finding."""
    try:
        check = PackageAudit()
    except Exception as error:  # noqa: BLE001 - whatever the database says, the files can still be audited
        report = run()
        report.findings.append(Finding("database.unreadable", str(error)[:200]))
        return report
    report = run(check)
    report.findings += [*check.unlogged(), *surplus()]
    return report


def as_json(report: AuditReport) -> dict[str, Any]:
    """Give the object that scripts rely on."""
    findings = [{"code": one.code, "message": one.message, "leaf": one.leaf} for one in report.findings]
    return {"ok": not findings, "size": report.size, "root": report.root, "findings": findings}

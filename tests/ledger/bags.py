# SPDX-License-Identifier: Apache-2.0
"""A small bag writer for the tests of the log, which knows no catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ledger.cid import cid_of_bytes, cid_of_folder


def manifest(files: Mapping[str, bytes], algorithm: str = "sha256") -> bytes:
    """Compose a manifest."""
    return "".join(f"{hashlib.new(algorithm, files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def write_bag(folder: Path, payload: Mapping[str, bytes], fetchable: tuple[str, ...] = ()) -> str:
    """Write a valid bag and give its CID; `fetchable` names are listed in fetch.txt too."""
    files = {f"data/{name}": body for name, body in payload.items()}
    octets = sum(map(len, files.values()))
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": f"Bagging-Date: 2026-11-22\nPayload-Oxum: {octets}.{len(files)}\n".encode(),
        "manifest-sha256.txt": manifest(files),
    }
    if fetchable:
        lines = [f"ipfs://{cid_of_bytes(payload[name])} {len(payload[name])} data/{name}\n" for name in sorted(fetchable)]
        tags["fetch.txt"] = "".join(lines).encode()
    tags["tagmanifest-sha256.txt"] = manifest(tags)
    for name, body in {**files, **tags}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return cid_of_folder(folder)

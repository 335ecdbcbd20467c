# SPDX-License-Identifier: Apache-2.0
"""Content identifiers: CIDv1 of bytes, files and folders in the profile `unixfs-v1-2025` (IPIP-0499)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ledger.verify import BLOCK, FileTree, Node, VerifyError, cid_text, folder_node, parse_cid

__all__ = ["Digest", "Hasher", "cid_of_bytes", "cid_of_file", "cid_of_folder", "parse_cid"]


@dataclass(frozen=True)
class Digest:
    """What one pass over a file's bytes gives: CID (base32), SHA-256 (hex), size (bytes)."""

    cid: str
    sha256: str
    size: int


class Hasher:
    """Hashes bytes while they arrive; memory stays within one chunk and 1,024 links a level."""

    def __init__(self) -> None:
        self._tree = FileTree()
        self._sha256 = hashlib.sha256()
        self._size = 0

    def update(self, data: bytes) -> None:
        """Take the next bytes, in pieces of any size."""
        self._tree.update(data)
        self._sha256.update(data)
        self._size += len(data)

    def finish(self) -> Digest:
        """Give the digest of all bytes taken; the hasher is used up."""
        return Digest(cid_text(self._tree.finish().cid), self._sha256.hexdigest(), self._size)


def _blocks(path: Path) -> Iterator[bytes]:
    """Read a file block by block."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            yield block


def _file_node(path: Path) -> Node:
    """Build a file's node."""
    tree = FileTree()
    for block in _blocks(path):
        tree.update(block)
    return tree.finish()


def _folder_node(path: Path) -> Node:
    """Build a folder's node; every entry counts, hidden ones too."""
    children: dict[str, Node] = {}
    for child in path.iterdir():
        if child.is_symlink() or not (child.is_dir() or child.is_file()):
            raise VerifyError("cid.special-file", f"{child.name} is a link or no ordinary file", child.name)
        children[child.name] = _folder_node(child) if child.is_dir() else _file_node(child)
    return folder_node(children)


def cid_of_bytes(data: bytes) -> str:
    """Give the CID of a file with these bytes."""
    tree = FileTree()
    tree.update(data)
    return cid_text(tree.finish().cid)


def cid_of_file(path: Path) -> str:
    """Give the CID of a file."""
    return cid_text(_file_node(path).cid)


def cid_of_folder(path: Path) -> str:
    """Give the CID of a folder with all that is in it.

    Raises
    ------
    VerifyError
        `cid.special-file` where it holds a link or a device.
    """
    return cid_text(_folder_node(path).cid)

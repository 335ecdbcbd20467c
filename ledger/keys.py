# SPDX-License-Identifier: Apache-2.0
"""The log's and the witness's own keys: Ed25519, made once, kept in a file that only its owner reads."""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from ledger.durable import make_folder, sync_folder
from ledger.errors import LedgerError
from ledger.verify import COSIGNATURE_V1, ED25519, Key, VerifyError, cosigned_message, signature_line, unbase64

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1", ""}


@dataclass(frozen=True)
class Signer:
    """A private key under its name."""

    key: Key
    private: Ed25519PrivateKey

    def sign(self, text: str) -> str:
        """Sign a note's text and give the signature line."""
        return signature_line(self.key, self.private.sign(text.encode()))

    def cosign(self, text: str, seconds: int) -> str:
        """Cosign a checkpoint's text at a time (POSIX seconds) and give the signature line (C2SP cosignature/v1)."""
        blob = seconds.to_bytes(8, "big") + self.private.sign(cosigned_message(text, seconds))
        return signature_line(self.key, blob)


def _signer(name: str, algorithm: int, seed: bytes) -> Signer:
    """Make a signer of a name and a seed (32 bytes)."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return Signer(Key(name, algorithm, public), private)


def load(path: Path, algorithm: int) -> Signer:
    """Read a key file: one line, `PRIVATE+KEY+name+id+base64`, as other implementations of notes write it.

    Raises
    ------
    LedgerError
        `key.malformed`.
    """
    parts = path.read_text(encoding="utf-8").strip().split("+", 4)
    try:
        material = unbase64(parts[4], "key.malformed")
        signer = _signer(parts[2], algorithm, material[1:])
    except (IndexError, ValueError, VerifyError):
        raise LedgerError("key.malformed", path=path.name) from None
    if parts[:2] != ["PRIVATE", "KEY"] or material[0] != algorithm or signer.key.id.hex() != parts[3]:
        raise LedgerError("key.malformed", path=path.name)
    return signer


def make(path: Path, name: str, algorithm: int) -> Signer:
    """Make a key; where two processes do so at once, the first one's stays."""
    seed = secrets.token_bytes(32)
    signer = _signer(name, algorithm, seed)
    line = f"PRIVATE+KEY+{name}+{signer.key.id.hex()}+{base64.b64encode(bytes((algorithm,)) + seed).decode()}\n"
    make_folder(path.parent, 0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(fresh)
    fresh.unlink()
    sync_folder(path.parent)
    return load(path, algorithm)


def origin(part: str) -> str:
    """Name a key after the site's host; an instance that has none is `qilu.local`."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    return f"{'qilu.local' if host in LOCAL_HOSTS else host}/{part}"


def log_signer(*, may_make: bool) -> Signer:
    """Give the log's key, making it where the log is new.

    Raises
    ------
    LedgerError
        `key.lost` where there is none and the log is not new.
    """
    path = Path(settings.KEYS_DIR) / "log"
    if path.exists():
        return load(path, ED25519)
    if not may_make:
        raise LedgerError("key.lost", path=path.name)
    return make(path, origin("log"), ED25519)


def witness_signer(path: Path, *, may_make: bool) -> Signer:
    """Give the witness's key, making it where the witness is new.

    Raises
    ------
    LedgerError
        `key.lost`.
    """
    if path.exists():
        return load(path, COSIGNATURE_V1)
    if not may_make:
        raise LedgerError("key.lost", path=f"witness/{path.name}")
    return make(path, origin("witness"), COSIGNATURE_V1)

# SPDX-License-Identifier: Apache-2.0
"""The GLB container, whatever it holds.

Source: Khronos glTF 2.0 specification, §4.4.
"""

import json
import struct
from typing import Any


def wrap(document: dict[str, Any], binary: bytes) -> bytes:
    """Wrap JSON and binary chunk, each padded to four bytes."""
    binary += b"\0" * (-len(binary) % 4)
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8")
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body

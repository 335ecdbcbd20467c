# SPDX-License-Identifier: Apache-2.0
"""Everything that a broken or hostile step might try, one thing per call."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.errors import Refusal, StepFailure


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    return globals()["do_" + params["do"]](out=out, params=params, inputs=inputs)


def tried(action: Callable[[], Any]) -> str:
    """Name what the kernel answered."""
    try:
        action()
    except OSError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever came is the answer
        return f"other: {error!r}"
    return "allowed"


def do_probe(*, out: Path, params: Mapping[str, Any], inputs: Mapping[str, Path]) -> dict[str, Any]:
    """Try to leave the room by every door and report which were open."""
    other = Path(params["other"])
    parent = os.getppid()
    return {
        "inet": tried(lambda: socket.socket(socket.AF_INET)),
        "inet6": tried(lambda: socket.socket(socket.AF_INET6)),
        "unix": tried(lambda: socket.socket(socket.AF_UNIX)),
        "netlink": tried(lambda: socket.socket(16, socket.SOCK_RAW)),
        "passwd": tried(lambda: Path("/etc/passwd").read_text()),
        "other_read": tried(other.read_text),
        "other_write": tried(lambda: other.write_text("changed")),
        "other_chmod": (tried(lambda: other.chmod(0o777)), other.stat().st_mode & 0o777),
        "other_times": (tried(lambda: os.utime(other, (1, 1))), int(other.stat().st_mtime) == 1),
        "other_chown": tried(lambda: os.chown(other, os.getuid(), os.getgid())),
        "other_delete": tried(other.unlink),
        "beside": tried(lambda: (other.parent / "new").write_text("x")),
        "link_out": tried(lambda: os.link(other, out / "linked")),
        "input_write": tried(lambda: (inputs["source"] / "a.txt").write_text("changed")),
        "input_read": tried((inputs["source"] / "a.txt").read_text),
        "own_write": tried(lambda: (out / "kept.txt").write_text("kept")),
        "parent_environment": tried(Path(f"/proc/{parent}/environ").read_bytes),
        "parent_memory": tried(lambda: Path(f"/proc/{parent}/mem").open("rb")),
        "kill_parent": tried(lambda: os.kill(parent, 0)),
        "kill_all": tried(lambda: os.kill(-1, 0)),
        "new_session": tried(os.setsid),
        "fork": tried(os.fork),
        "program": tried(lambda: subprocess.run([sys.executable, "-c", "0"], check=True)),
        "exec": tried(lambda: os.execv(sys.executable, [sys.executable])),
        "raise_limit": tried(lambda: __import__("resource").setrlimit(__import__("resource").RLIMIT_FSIZE, (-1, -1))),
        "thread": tried(_thread),
        "secrets": sorted(set(os.environ) & {"QILU_SECRET_KEY", "QILU_DATA", "DATABASE_URL"}),
    }


def _thread() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def do_memory(**_: Any) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytearray(os.urandom(1 << 20) * 16))
        time.sleep(0.01)


def do_leap(**_: Any) -> dict[str, Any]:
    return {"bytes": len(bytearray(1 << 42))}


def do_spin(**_: Any) -> dict[str, Any]:
    while True:
        pass


def do_sleep(**_: Any) -> dict[str, Any]:
    time.sleep(600)
    return {}


def do_large_file(*, out: Path, **_: Any) -> dict[str, Any]:
    with (out / "large").open("wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
    return {}


def do_many_files(*, out: Path, **_: Any) -> dict[str, Any]:
    for i in range(600):
        (out / f"{i}").write_bytes(bytes(1 << 18))
        time.sleep(0.01)
    return {}


def do_segfault(**_: Any) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def do_abort(**_: Any) -> dict[str, Any]:
    os.abort()


def do_killed(**_: Any) -> dict[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def do_threads(**_: Any) -> dict[str, Any]:
    for _ in range(400):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    time.sleep(600)
    return {}


def do_vanish(**_: Any) -> dict[str, Any]:
    os._exit(0)


def do_exception(**_: Any) -> dict[str, Any]:
    raise LookupError("nothing here")


def do_own_failure(**_: Any) -> dict[str, Any]:
    raise StepFailure("step.bad-result", step="inner", error="seven of nine triangles")


def do_refuse(**_: Any) -> dict[str, Any]:
    raise Refusal("mesh.index-out-of-range", at="face 17", index=99, vertices=12)


def do_link(*, out: Path, **_: Any) -> dict[str, Any]:
    (out / "link").symlink_to("/etc/passwd")
    return {}


def do_lie(**_: Any) -> dict[str, Any]:
    return {"renditions": [{"role": "lod-0", "media_type": "model/gltf-binary", "path": "not-there.glb"}]}


def do_list(**_: Any) -> Any:
    return [1, 2]


def do_nan(**_: Any) -> dict[str, Any]:
    return {"mean": float("nan")}


def do_babble(**_: Any) -> dict[str, Any]:
    os.write(int(sys.argv[1]), b'\xff\xfe{"kind": 7}\n[1]\n{"kind":"progress","fraction":"x"}\n' + b"[" * 100_000 + b"\n")
    return {"said": "much"}


def do_flood(**_: Any) -> dict[str, Any]:
    while True:
        os.write(int(sys.argv[1]), b"x" * 65536)

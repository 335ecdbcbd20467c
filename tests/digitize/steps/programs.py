# SPDX-License-Identifier: Apache-2.0
"""What a step that may start ffmpeg might try beyond it, one thing per call."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize import programs
from tests.digitize.steps.hostile import tried


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    return globals()["do_" + params["do"]](out=out, params=params, inputs=inputs)


def ffmpeg(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    found = programs.find("ffmpeg")
    assert found
    return subprocess.run([found, "-nostdin", "-v", "error", *arguments], capture_output=True, check=False, timeout=60)


def by_loader(loader: str | None, *words: str) -> str:
    """Start a program by the loader that ffmpeg itself needs; one that holds all its libraries needs none."""
    return subprocess.run([loader, *words], capture_output=True, check=False).stdout.decode() if loader else ""


def do_probe(*, out: Path, params: Mapping[str, Any], inputs: Mapping[str, Path]) -> dict[str, Any]:
    """Start everything that is not ffmpeg."""
    loader = next((str(path) for path in programs.run_paths(programs.find("ffmpeg") or Path()) if "ld-" in path.name), None)
    copy = out / "tool"
    copy.write_bytes((programs.find("ffmpeg") or Path()).read_bytes())
    copy.chmod(0o700)
    script = out / "script"
    script.write_text("#!/bin/sh\ntrue\n")
    return {
        "ffmpeg": ffmpeg("-version").returncode,
        "shell": tried(lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True)),
        "python": tried(lambda: subprocess.run([sys.executable, "-c", "0"], check=True)),
        "python_itself": tried(lambda: subprocess.run([Path(sys.executable).resolve(), "-c", "0"], check=True)),
        "own_copy": tried(lambda: subprocess.run([copy, "-version"], check=True)),
        "own_script": tried(lambda: subprocess.run([script], check=True)),
        "shell_by_loader": by_loader(loader, "/bin/sh", "-c", "echo yes"),
        "python_by_loader": by_loader(loader, str(Path(sys.executable).resolve()), "-c", "print(1)"),
        "memory_file": tried(lambda: os.memfd_create("tool")),
        "new_session": tried(os.setsid),
        "kill_parent": tried(lambda: os.kill(os.getppid(), 0)),
    }


def do_reach(*, out: Path, params: Mapping[str, Any], inputs: Mapping[str, Path]) -> dict[str, Any]:
    """Let ffmpeg itself try to read outside and to reach the network, with every protocol open."""
    other, script = params["other"], inputs["source"] / "list.txt"
    copied = out / "stolen"
    answers = {}
    for name, options in {
        "file": ["-f", "u8", "-ar", "8000", "-ac", "1", "-i", other],
        "subfile": ["-f", "u8", "-ar", "8000", "-ac", "1", "-i", f"subfile,,start,0,end,0,,:{other}"],
        "concat_protocol": ["-f", "u8", "-ar", "8000", "-ac", "1", "-i", f"concat:{other}"],
        "concat_list": ["-safe", "0", "-f", "concat", "-i", str(script)],
        "http": ["-i", "http://127.0.0.1:9/a.mp4"],
        "udp": ["-i", "udp://127.0.0.1:9"],
        "unix": ["-f", "u8", "-i", f"unix:{other}"],
    }.items():
        done = ffmpeg(*options, "-f", "u8", "-y", str(copied))
        answers[name] = [done.returncode != 0, copied.stat().st_size if copied.exists() else 0]
    answers["write_outside"] = [
        ffmpeg("-f", "lavfi", "-i", "anullsrc", "-t", "1", "-f", "u8", "-y", f"{other}.new").returncode != 0,
        int(Path(f"{other}.new").exists()),
    ]
    return answers


def do_bomb(**_: Any) -> dict[str, Any]:
    while True:
        os.fork()
        time.sleep(0.02)


def do_orphans(**_: Any) -> dict[str, Any]:
    """Leave process after process behind whose parent is gone at once."""
    for _ in range(400):
        if os.fork() == 0:
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
        os.wait()
    time.sleep(600)
    return {}


def do_memory(**_: Any) -> dict[str, Any]:
    """Let a child take what this process does not."""
    if os.fork() == 0:
        kept = []
        while True:
            kept.append(bytearray(os.urandom(1 << 20) * 16))
            time.sleep(0.01)
    time.sleep(600)
    return {}


def do_spin(**_: Any) -> dict[str, Any]:
    """Let four children share what one process may not use."""
    for _ in range(4):
        if os.fork() == 0:
            while True:
                pass
    time.sleep(600)
    return {}


def do_work(**_: Any) -> dict[str, Any]:
    """Let ffmpeg use some processor time, and say how much."""
    status = ffmpeg("-f", "lavfi", "-i", "testsrc2=s=640x360:d=8", "-threads", "1", "-f", "framemd5", "-").returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {"status": status, "cpu_seconds": used.ru_utime + used.ru_stime}

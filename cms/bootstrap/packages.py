# SPDX-License-Identifier: Apache-2.0
"""Python's packages: `.venv`, then uv inside it, then exactly what the lock names, checked by hash."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from cms.bootstrap import extras
from cms.bootstrap.errors import MissingError
from cms.bootstrap.layout import Layout, digest, read_stamp, write_stamp
from cms.bootstrap.running import Ended, run, say
from cms.bootstrap.system import check_room, check_venv_module, open3d_runs_here, provide_open3d_libraries, without_package

OPEN3D = "open3d-cpu"


def ensure(layout: Layout, *, development: bool, argv: Sequence[str] = ()) -> bool:
    """Bring `.venv` to what the locks say; return whether anything had to be done.

    An environment that has the tests' packages or an extra keeps them: starting the demo never takes them away.

    Parameters
    ----------
    argv
        As in `sys.argv`: the command `extras` adds and removes extras.

    Raises
    ------
    MissingError
        Where the machine or the registry lacks something, or there is no such extra.
    """
    stamp = read_stamp(_stamp(layout))
    development = development or bool(stamp.get("development"))
    kept = stamp.get("extras")
    wanted_extras = extras.chosen(argv, kept if isinstance(kept, list) else ())
    locks = (layout.requirements(development=development), *(layout.lock_of(name) for name in wanted_extras))
    wanted: dict[str, object] = {"development": development, "lock": digest(*locks), "python": _version()}
    wanted |= {"extras": [*wanted_extras]} if wanted_extras else {}
    if stamp == wanted and layout.python.exists():
        return False
    check_room(layout.root)
    _make_environment(layout)
    provide_open3d_libraries(layout.log)
    say(f"installing what {' and '.join(lock.name for lock in locks)} names into .venv (a minute or so the first time)")
    _sync(layout, [_fitting_lock(layout, locks[0]), *locks[1:]])
    write_stamp(_stamp(layout), wanted)
    return True


def _stamp(layout: Layout) -> Path:
    """Give the file that remembers which lock was installed."""
    return layout.venv / "qilu-packages.json"


def _version() -> str:
    """Name the interpreter by what its wheels depend on."""
    return f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]}"


def _make_environment(layout: Layout) -> None:
    """Make `.venv` unless one of the same Python with pip is there."""
    if _usable(layout):
        return
    check_venv_module()
    say("making .venv")
    import venv

    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(layout.venv)
    except Exception as error:  # ensurepip fails in a child: Debian's own patches raise what they like
        raise MissingError("system.venv") from error


def _usable(layout: Layout) -> bool:
    """Tell whether `.venv` holds this Python's version and a pip that starts."""
    try:
        made_with = re.search(r"^version\s*=\s*(\d+\.\d+)", (layout.venv / "pyvenv.cfg").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return False
    same = made_with is not None and made_with[1] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    return same and run([layout.python, "-m", "pip", "--version"], log=layout.log).ok


def _fitting_lock(layout: Layout, lock: Path) -> Path:
    """Give the lock, without open3d where its wheel would not run."""
    if open3d_runs_here():
        return lock
    say("open3d has no wheel for this system's C library; going on without it")
    fitting = layout.venv / lock.name
    fitting.write_text(without_package(lock.read_text(encoding="utf-8"), OPEN3D), encoding="utf-8")
    return fitting


def _sync(layout: Layout, locks: Sequence[Path]) -> None:
    """Install the locks with uv (its own certificates, then the system's), else with pip."""
    ended = _pip(layout, [layout.root / "requirements-uv.lock"])
    if ended.unreachable:
        raise MissingError("registry.python", retryable=True, reason=ended.reason)
    attempts = ([], ["--system-certs"]) if ended.ok else ()
    for extra in attempts:
        command: list[str | Path] = [
            layout.program("uv"),
            "pip",
            "sync",
            "--compile-bytecode",
            "--python",
            layout.python,
            "--require-hashes",
            *extra,
            *locks,
        ]
        ended = run(command, log=layout.log, environment=_uv_environment(layout))
        if ended.ok:
            return
    say("uv did not manage it; trying pip, which takes longer")
    ended = _pip(layout, locks)
    if ended.unreachable:
        raise MissingError("registry.python", retryable=True, reason=ended.reason)
    if not ended.ok:
        raise MissingError("install.failed", retryable=True, what=locks[-1].name, reason=ended.reason, log=layout.log)


def _pip(layout: Layout, locks: Sequence[Path]) -> Ended:
    """Install locks with pip, every file checked by hash."""
    options = ["--quiet", "--disable-pip-version-check", "--retries", "2", "--require-hashes"]
    named = [word for lock in locks for word in ("-r", lock)]
    return run([layout.python, "-m", "pip", "install", *options, *named], log=layout.log)


def _uv_environment(layout: Layout) -> dict[str, str]:
    """Give uv the mirror that pip is told to use (uv reads none of pip's settings), and keep it from fetching a Python."""
    environment = {
        "UV_PYTHON_DOWNLOADS": "never",
        "VIRTUAL_ENV": str(layout.venv),
        "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "hardlink"),
    }
    if not any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        mirror = os.environ.get("PIP_INDEX_URL") or _configured_mirror(layout)
        environment.update({"UV_DEFAULT_INDEX": mirror} if mirror else {})
    return environment


def _configured_mirror(layout: Layout) -> str:
    """Read the mirror from pip's configuration; empty where there is none."""
    ended = run([layout.python, "-m", "pip", "config", "get", "global.index-url"], log=layout.log)
    return ended.words.strip() if ended.ok else ""

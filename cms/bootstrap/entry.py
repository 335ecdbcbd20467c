# SPDX-License-Identifier: Apache-2.0
"""The way in: outside of an environment make ours ready and go on inside it; inside, hand over to Django."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cms.bootstrap import front_end, packages
from cms.bootstrap.errors import MissingError
from cms.bootstrap.layout import Layout, inside_environment
from cms.bootstrap.running import interruptible, say

INTERRUPTED = 130
WITH_TESTS = frozenset({"test"})
WITH_DEMO = frozenset({"demo"})
WITHOUT_DATA = frozenset({"digitize", "extras"})


def main(argv: list[str]) -> int:
    """Run a command; return its exit code.

    Parameters
    ----------
    argv
        As in `sys.argv`: manage.py's path, the command, its arguments.
    """
    inside = inside_environment()
    layout = Layout(Path(argv[0]).resolve().parent)
    try:
        if inside:
            return _hand_over(argv)
        with interruptible(), _alone(layout):
            _prepare(layout, argv)
    except MissingError as missing:
        return _tell(missing, as_json="--json" in argv)
    except KeyboardInterrupt:
        say("interrupted; the next start goes on from here")
        return INTERRUPTED
    return _go_inside(layout, argv)


def _prepare(layout: Layout, argv: list[str]) -> None:
    """Make the environment and the front-end files that a command needs."""
    development = len(argv) > 1 and argv[1] in WITH_TESTS
    packages.ensure(layout, development=development, argv=argv)
    front_end.ensure(layout, development=development)


def _go_inside(layout: Layout, argv: list[str]) -> int:
    """Start the same command with the environment's Python, in this process's place where the system can."""
    command = [str(layout.python), str(layout.root / "manage.py"), *argv[1:]]
    node = front_end.find_node(layout)
    environment = {**os.environ, **(node.environment() if node else {})}
    if os.name == "posix":
        os.execve(command[0], command, environment)  # noqa: S606 - an argument list, no shell
    return subprocess.run(command, env=environment, check=False).returncode


def _hand_over(argv: list[str]) -> int:
    """Let Django run the command.

    Raises
    ------
    MissingError
        Where a setting cannot be read, or no such command is there.
    """
    if len(argv) > 1 and argv[1] in WITH_DEMO:
        os.environ["QILU_DEMO"] = "1"
    if len(argv) > 1 and argv[1] in WITHOUT_DATA:
        os.environ.setdefault("QILU_SECRET_KEY", secrets.token_hex())  # it signs nothing, so none is made in a data folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    from django.core.management import execute_from_command_line

    _check_words(argv)
    execute_from_command_line(argv)
    return 0


def _check_words(argv: list[str]) -> None:
    """Refuse settings of the wrong type and commands that do not exist, before Django would answer with a traceback or with 1."""
    import django
    from django.conf import settings
    from django.core.management import get_commands

    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first look reads the whole module
    except ValueError as error:
        raise MissingError("settings.invalid", reason=error) from error
    if len(argv) < 2 or argv[1].startswith("-") or argv[1] in ("help", "version"):
        return
    django.setup()
    if argv[1] not in get_commands():
        raise MissingError("command.unknown", name=argv[1])


def _tell(missing: MissingError, *, as_json: bool) -> int:
    """Say what is missing: one line for people, with --json the object as well."""
    say(missing.line())
    if as_json:
        print(json.dumps(missing.as_object(), ensure_ascii=False))
    return missing.exit


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Let one process at a time change the environment; a second start waits and then finds the work done."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock; two first starts at once are the user's own affair there
        yield
        return
    folder = os.open(layout.root, os.O_RDONLY)  # the checkout itself is the lock: nothing to leave behind
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)

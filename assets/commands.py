# SPDX-License-Identifier: Apache-2.0
"""What every command shares: exit codes, ``--json``, and errors that say what to do.

Exits: 0 done; 1 a finding, or invalid; 2 input refused, or stale; 3 a step failed, or unknown key; 64 usage, or not a bundle; 70 our own fault.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from argparse import ArgumentParser
from typing import Any, NoReturn
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from assets.errors import AssetsError
from assets.models import Asset
from digitize.errors import DigitizeError

OK, FINDING, REFUSED, FAILED, USAGE, FAULT = 0, 1, 2, 3, 64, 70

logger = logging.getLogger("qilu")


class Parser(CommandParser):
    """Django's parser, but wrong words on the command line end with 64."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words and how they go."""
        self.print_usage(sys.stderr)
        if "--json" in sys.argv:
            sys.stdout.write(
                json.dumps({"code": "usage", "message": message, "hint": self.format_usage().strip(), "retryable": False, "at": None})
            )
        self.exit(USAGE, f"{self.prog}: {message}\n")


class QiluCommand(BaseCommand):
    """A command whose `work` returns one object; with ``--json`` it is all that standard output holds."""

    requires_system_checks: list[str] = []
    requires_migrations_checks = False
    migrates = False  # set where the command may start from an empty data folder

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # noqa: ARG002 - Django's signature
        """Make the parser with our usage exit."""
        parser = Parser(prog=f"manage.py {subcommand}", description=self.help or None, called_from_command_line=True, **kwargs)
        self.add_base_argument(parser, "--version", action="version", version=self.get_version(), help="Show Django's version.")
        self.add_base_argument(parser, "-v", "--verbosity", default=1, type=int, choices=[0, 1, 2, 3])
        self.add_base_argument(parser, "--settings", help="Another settings module.")
        self.add_base_argument(parser, "--pythonpath", help="A folder to import from.")
        self.add_base_argument(parser, "--traceback", action="store_true", help="Show where an unexpected error came from.")
        self.add_base_argument(parser, "--no-color", action="store_true")
        self.add_base_argument(parser, "--force-color", action="store_true")
        self.add_base_argument(parser, "--skip-checks", action="store_true")
        parser.add_argument("--json", action="store_true", help="One JSON object on standard output, progress on standard error.")
        self.add_arguments(parser)
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""

    def work(self, **options: Any) -> dict[str, Any]:  # noqa: ARG002 - for overriding
        """Do the work; give what ``--json`` prints."""
        raise CommandError("this command does nothing")

    def show(self, result: dict[str, Any]) -> None:
        """Print the result for a person."""

    def status(self, result: dict[str, Any]) -> int:  # noqa: ARG002 - for overriding
        """Give the exit of a result."""
        return OK

    def say(self, words: str) -> None:
        """Tell progress; never on standard output."""
        self.stderr.write(words, ending="\n")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do the work, print it, and end with the exit that fits."""
        translation.activate(language())
        try:
            if self.migrates:
                prepare(self)
            result = self.work(**options)
        except (KeyboardInterrupt, SystemExit):
            raise
        except Exception as error:
            told, status = explain(error)
            if options["traceback"] or status == FAULT:
                logger.exception("unexpected error")
            self._print_failure(told, as_json=options["json"])
            sys.exit(status)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self.show(result)
        sys.stdout.flush()
        if status := self.status(result):
            sys.exit(status)

    def _print_failure(self, told: dict[str, Any], *, as_json: bool) -> None:
        """Print a refusal or failure: words for people, one object for scripts."""
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        where = f" ({told['at']})" if told["at"] else ""
        self.stderr.write(f"{told['message']}{where}")
        if told["hint"]:
            self.stderr.write(told["hint"])


def explain(error: Exception) -> tuple[dict[str, Any], int]:
    """Turn an error into the public members and the exit that fits it."""
    code = getattr(error, "code", None)
    if isinstance(code, str) and hasattr(error, "hint"):
        message, hint = words(error)
        told = {
            "code": code,
            "message": message,
            "hint": hint,
            "retryable": bool(getattr(error, "retryable", False)),
            "at": getattr(error, "at", None),
            **getattr(error, "extra", {}),
        }
        return told, getattr(error, "exit", FAILED if code.startswith("step.") else REFUSED)
    if isinstance(error, CommandError):
        return {"code": "usage", "message": str(error), "hint": "", "retryable": False, "at": None}, USAGE
    message = f"Unexpected error: {type(error).__name__}: {error}"
    return {"code": "fault", "message": message, "hint": "Please report it; nothing was lost.", "retryable": False, "at": None}, FAULT


def find_asset(name: str) -> Asset:
    """Find the asset that a word on the command line names.

    Raises
    ------
    AssetsError
        ``asset.unknown``.
    """
    try:
        found: Asset = Asset.objects.select_related("current_version", "institution").get(pk=UUID(name))
    except (Asset.DoesNotExist, ValueError) as error:
        raise AssetsError(
            "asset.unknown", _("There is no asset “%(name)s”.") % {"name": name[:40]}, _("`manage.py list` names them.")
        ) from error
    return found


def words(error: Exception) -> tuple[str, str]:
    """Give message and hint in the language in use, where the error knows more than one."""
    if isinstance(error, DigitizeError):
        return error.text(translation.get_language() or "en")
    return str(getattr(error, "message", error)), str(getattr(error, "hint", ""))


def language() -> str:
    """Give the language of the terminal: Chinese where the locale says so, English elsewhere."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh-hans" if named.startswith("zh") else "en"


def prepare(command: BaseCommand) -> None:
    """Bring an empty or older database up to date, so that a command works on a fresh data folder."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        command.stderr.write("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)

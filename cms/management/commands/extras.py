# SPDX-License-Identifier: Apache-2.0
"""The extras: packages that not everyone needs. The start of this program has installed or removed what the words ask for."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import metadata
from typing import Any

from django.utils.translation import gettext as _

from assets.commands import QiluCommand
from cms.bootstrap.errors import MissingError
from cms.bootstrap.extras import EXTRAS, WITHOUT


class Command(QiluCommand):
    """Say which extras are there; one that was asked for must be."""

    help = "Install extras, packages that not everyone needs, and list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("name", nargs="*", choices=[*EXTRAS, []], metavar="NAME", help=f"To be installed: {', '.join(EXTRAS)}.")
        parser.add_argument(WITHOUT, nargs="+", choices=[*EXTRAS], default=[], metavar="NAME", help="To be removed.")

    def work(self, **options: Any) -> dict[str, Any]:
        """List the extras with their packages.

        Raises
        ------
        MissingError
            `extra.own-environment` where one was asked for that the start of this program did not install.
        """
        found = {name: {package: version(package) for package in packages} for name, packages in EXTRAS.items()}
        for name in options["name"]:
            if None in found[name].values():
                raise MissingError("extra.own-environment", name=name, lock=f"requirements-{name}.lock")
        told = [{"name": name, "packages": packages, "installed": None not in packages.values()} for name, packages in found.items()]
        return {"extras": told}

    def show(self, result: dict[str, Any]) -> None:
        """Print one line for each extra."""
        for one in result["extras"]:
            state = _("installed") if one["installed"] else _("not installed; manage.py extras %(name)s") % {"name": one["name"]}
            self.stdout.write(f"{one['name']}: {', '.join(one['packages'])}: {state}")


def version(package: str) -> str | None:
    """Give the version of a package; None where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None

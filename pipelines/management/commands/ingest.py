# SPDX-License-Identifier: Apache-2.0
"""Digitize a file from the command line; the upload form of the admin does the same."""

from __future__ import annotations

import resource
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from assets.commands import find_asset
from digitize.preflight.formats import FORMATS
from pipelines.ingest import Wish, ingest, institution_named, the_scan
from pipelines.telling import RunCommand

KIB = 1 if sys.platform == "darwin" else 1024


def usage() -> dict[str, Any]:
    """Give this call's CPU seconds, children included, and the peak memory of its largest process in bytes."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {"cpu_seconds": round(seconds, 3), "peak_bytes": max(own.ru_maxrss, children.ru_maxrss) * KIB}


def taken() -> str:
    """Say which formats are taken, from the table itself; a file's companions come in its folder or zip."""
    kinds = list(dict.fromkeys(form.kind for form in FORMATS.values()))
    named = {kind: "/".join(form.name.upper() for form in FORMATS.values() if form.kind == kind) for kind in kinds}
    listed = "; ".join(f"{kind}: {names}" for kind, names in named.items())
    return (
        f"A file, or a folder or zip of one object. {listed}. PLY may also hold points or splats; several pictures are a photo set or the "
        "pages of a document. Companions lie beside: MTL and textures, captions (film.zh.vtt, film.en.srt), page texts (p1.txt beside "
        "p1.tif), scale.json; what lies elsewhere is given by --with."
    )


class Command(RunCommand):
    """Take PATH through upload, digitization and, with --publish, sealing."""

    help = "Digitize a file, zip or folder; with --publish seal and publish it."
    migrates = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument(
            "path",
            type=Path,
            metavar="PATH",
            help=taken(),
        )
        parser.add_argument("--title", default="", help="Title of the asset; without it the file's name.")
        parser.add_argument("--institution", default="", help="Short name or name of the institution; without it the first.")
        parser.add_argument("--asset", default="", help="Add to this asset (UUID) instead of making a new one.")
        self.add_input_words(parser)
        parser.add_argument(
            "--rescan",
            action="store_true",
            help="With --asset: another scan of its surface; annotations are carried over, or said to be lost.",
        )
        parser.add_argument("--publish", action="store_true", help="Seal and publish when it is digitized.")

    def work(self, **options: Any) -> dict[str, Any]:
        """Ingest, telling each step on standard error."""
        asset = find_asset(options["asset"]) if options["asset"] else None
        wish = Wish(
            path=options["path"],
            beside=options["beside"],
            declared=self.declared(options),
            institution=institution_named(options["institution"]),
            title=options["title"],
            publish=options["publish"],
            asset=asset,
            rescan_of=the_scan(asset) if options["rescan"] else None,
        )
        made = ingest(wish, listen=self.tell)
        return {**made.as_json(), **usage()}

    def show(self, result: dict[str, Any]) -> None:
        """Print what was made."""
        self.stdout.write(f"asset    {result['asset']}")
        if result["version"]:
            self.stdout.write(f"version  {result['version']}\ncid      {result['cid']}\npage     {result['page']}")
        self.stdout.write(f"log      {result['log']['size']} entries, root {result['log']['root'][:16]}…")
        self.show_renditions(result["renditions"])
        self.stdout.write(f"{result['cpu_seconds']:.1f} CPU s, peak {result['peak_bytes'] / 2**20:.0f} MiB")

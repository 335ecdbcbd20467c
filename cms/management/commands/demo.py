# SPDX-License-Identifier: Apache-2.0
"""`manage.py demo`: the whole idea on a laptop, from generated scans to a served site."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from assets.commands import QiluCommand
from assets.models import Asset
from cms.demo import load
from cms.demo.records import RECORDS, ZH, Record
from cms.serving import static
from cms.serving.address import choose_port, wait_until_it_answers
from cms.serving.group import Group, Stopped, stoppable
from cms.serving.site import manage, start
from digitize.runner import Event

HOST = "127.0.0.1"
AT_ONCE = 2
THREADS = 4


class StepFailedError(Exception):
    """A relic could not be made, or the site ended by itself."""

    retryable = True
    at = None
    exit = 3

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


class Command(QiluCommand):
    """Load what is missing of the demo, then serve it until told to stop."""

    help = "Make, publish and serve the sample relics; Ctrl-C ends everything."
    migrates = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("--port", type=int, help="Port to serve on; without it the first free one from 8000 on.")
        parser.add_argument("--no-serve", action="store_true", help="End when everything is published.")
        parser.add_argument(
            "--only", choices=[record.key for record in RECORDS], help="Make this one relic and end; the demo calls itself so."
        )

    def work(self, **options: Any) -> dict[str, Any]:
        """Load, then serve."""
        try:
            with stoppable(), Group() as group:
                if options["only"]:
                    return self._load_one(options["only"])
                return self._demonstrate(group, options)
        except Stopped:
            self.say("Stopped.")
            sys.exit(0 if self._told else 130)
        except StepFailedError as failure:
            if not (self._told and options["json"]):
                raise
            self.say(f"{failure.message} {failure.hint}")  # standard output holds its one object already
            sys.exit(failure.exit)

    _told = False  # whether everything was published when the user ended it

    def _demonstrate(self, group: Group, options: dict[str, Any]) -> dict[str, Any]:
        """Bring everything up in order."""
        os.environ["QILU_DEMO"] = "1"
        port = options["port"] or 8000 if options["no_serve"] else choose_port(HOST, options["port"])
        url = os.environ.setdefault("QILU_BASE_URL", f"http://{HOST}:{port}").rstrip("/")
        load.places_and_institutions()
        people = load.users()
        self._load_missing(group)
        static.collect()
        result = {"url": f"{url}/", "users": people, "assets": [_asset(record, url) for record in RECORDS if _is_public(record)]}
        if options["no_serve"]:
            return result
        self._serve(group, port, result, as_json=options["json"])
        return result

    def _load_missing(self, group: Group) -> None:
        """Make the missing relics, two at a time, each in a process of its own."""
        waiting = load.missing()
        if waiting:
            self.say(f"Making and digitizing {len(waiting)} sample assets; this takes a few minutes, once.")
        left = {record.key for record in waiting}
        while left or group.running():
            while waiting and group.running() < AT_ONCE:
                record = waiting.pop(0)
                group.start(record.key, manage("demo", "--only", record.key), cwd=settings.BASE_DIR)
            for name, code in group.wait_for_one().items():
                group.forget(name)
                left.discard(name)
                if code:
                    raise StepFailedError(
                        "demo.failed",
                        f"The sample “{name}” could not be made (exit {code}).",
                        "Read above why; start the demo again to go on.",
                    )

    def _load_one(self, key: str) -> dict[str, Any]:
        """Make one relic in this process."""
        record = next(record for record in RECORDS if record.key == key)
        self.say(f"{record.texts[ZH].title}: making the original")
        asset = load.load(record, listen=lambda event: self._tell(record, event))
        self.say(f"{record.texts[ZH].title}: published")
        return {"asset": str(asset.pk)}

    def _tell(self, record: Record, event: Event) -> None:
        """Tell the steps of a relic's run as they end."""
        if event.state in ("done", "reused", "failed"):
            self.say(
                f"{record.texts[ZH].title}: [{event.index}/{event.total}] {event.step} {event.state}, {event.cpu_seconds or 0:.1f} CPU s"
            )

    def _serve(self, group: Group, port: int, result: dict[str, Any], *, as_json: bool) -> None:
        """Serve until a process ends or the user says so."""
        start(group, host=HOST, port=port, workers=AT_ONCE, threads=THREADS)
        if not wait_until_it_answers(HOST, port):
            raise StepFailedError("serve.silent", "The site does not answer.", "Read above why.")
        self._told = True
        if as_json:
            import json

            self.stdout.write(json.dumps(result, ensure_ascii=False))
            self.stdout.flush()
        else:
            self.show(result)
        ended = group.wait_for_one()
        raise StepFailedError("serve.ended", f"Ended by itself: {ended}.", "Everything was stopped; read above why.")

    def show(self, result: dict[str, Any]) -> None:
        """Print the address, the users and the assets."""
        if "url" not in result:
            return
        self.stdout.write(f"\n  {result['url']}\n\n")
        for one in result["assets"]:
            self.stdout.write(f"  {one['page']}  {one['title']}\n")
        self.stdout.write(f"\n  The curators work at {result['url']}admin/. Users of this demo, kept in {load.passwords_file()}:\n\n")
        for one in result["users"]:
            self.stdout.write(f"  {one['name']:<20} {one['password']:<18} {one['role']:<14} {one['institution'] or ''}\n")
        self.stdout.write("\n  Ctrl-C ends everything.\n" if self._told else "")
        self.stdout.flush()


def _is_public(record: Record) -> bool:
    """Tell whether a record's asset is public; a visitor of the demo may have withdrawn it."""
    asset = load.find(record)
    return asset is not None and asset.current_version is not None and asset.current_version.withdrawn_at is None


def _asset(record: Record, url: str) -> dict[str, Any]:
    """Name a published asset for scripts."""
    asset = Asset.objects.select_related("current_version").get(
        institution__slug=record.institution, accession_number=record.accession_number
    )
    version = asset.current_version
    assert version is not None
    texts = version.record["texts"]
    return {
        "asset": str(asset.pk),
        "version": str(version.pk),
        "cid": version.cid,
        "page": f"{url}/id/{asset.pk}",
        "title": texts.get(ZH, next(iter(texts.values())))["title"],
    }

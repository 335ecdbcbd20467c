# SPDX-License-Identifier: Apache-2.0
"""Do a worker's work in forked processes that are killed, one at each stage; run by `manage.py shell` in a data folder of its own.

A fork costs a tenth of a program's start. What each one calls is what the worker's task and the form call: `receive_upload`, `claim`, `execute`, `seal`.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone

from assets import domain as catalogue
from assets.errors import AssetsError
from assets.models import File, Institution, Rendition, Sealing, Version
from assets.stores import base
from assets.stores.local import LocalStore
from digitize.recipe import for_kind
from digitize.runner import Event
from ledger import sequencer
from ledger.cid import Digest
from ledger.models import Entry
from pipelines import leftovers
from pipelines.domain import claim, execute, receive_upload
from pipelines.models import Run, Upload

WRITES = ("INSERT", "UPDATE", "DELETE")
KILLED = -signal.SIGKILL


def die() -> None:
    """End this process as the kernel or an operator would."""
    os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[], None]) -> int:
    """Do something in a process of its own; give its exit, negative for a signal."""
    connections.close_all()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - the fork must end here, whatever it is
        traceback.print_exc()
    finally:
        os._exit(status)


def until_alive(stage: Callable[[int], None]) -> int:
    """Try a stage again and again, killed at its first chance, its second, …, until one passes; give how often it was killed."""
    for chance in itertools.count():
        status = forked(partial(stage, chance))
        if status == 0:
            return chance
        assert status == KILLED, f"chance {chance} ended with {status}"
    raise AssertionError


@contextmanager
def dying_at_write(chance: int) -> Iterator[Callable[[], None]]:
    """Kill this process before the database is written to for the so-and-so-manieth time after the given function is called."""
    left = itertools.count()
    armed = []

    def wrapper(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if armed and sql.startswith(WRITES) and next(left) == chance:
            die()
        return run(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield lambda: armed.append(True)


class DyingStore(LocalStore):
    """Keep files, and kill this process before keeping the so-and-so-manieth."""

    def __init__(self, folder: Path | str, chance: int) -> None:
        super().__init__(folder)
        self.chance = chance

    def put(self, content: Path | bytes) -> Digest:
        """Store, or die."""
        self.chance -= 1
        if self.chance == 0:
            die()
        return super().put(content)


def dying_chunks(path: Path, chance: int, seen: Iterator[int]) -> Iterable[bytes]:
    """Give a file in three pieces, and die at the so-and-so-manieth of all."""
    data = path.read_bytes()
    third = len(data) // 3 + 1
    for start in range(0, len(data), third):
        if next(seen) == chance:
            die()
        yield data[start : start + third]


def receive(museum: Institution, folder: Path, *, arriving: int = -1, writing: int = -1, publish: bool = False) -> None:
    """Receive a folder's files; a second time is a duplicate, which is as good."""
    seen = itertools.count()
    parts = {path.name: dying_chunks(path, arriving, seen) for path in sorted(folder.iterdir())}
    with dying_at_write(writing) as arm:
        arm()
        try:
            receive_upload(institution=museum, user=None, parts=parts, title="方匣", publish=publish)
        except AssetsError as refusal:
            if refusal.code != "duplicate":
                raise


def run_on(run: Run, listen: Callable[[Event], None] | None = None) -> None:
    """Claim and execute, as the worker's task does."""
    mine = claim(run_id=run.pk)
    assert mine is not None, "a dead owner's lease could not be taken"
    execute(run=mine, listen=listen)


def die_at(step: str, states: tuple[str, ...], event: Event) -> None:
    """End this process when it is told of a stage."""
    if event.step == step and event.state in states:
        die()


def killed_steps(run: Run) -> int:
    """Kill at the first sign of each step, while it works where it tells of that, and again when it has ended."""
    kills = 0
    for step in for_kind(run.file.kind).steps:
        for states in (("progress", "done"), ("done", "reused")):
            status = forked(partial(run_on, run, partial(die_at, step.name, states)))
            assert status == KILLED, (step.name, states, status)
            kills += 1
    return kills


def keep_dying(run: Run, chance: int) -> None:
    """Execute over a store that ends this process."""
    options = {**settings.CONTENT_STORES["default"]["OPTIONS"], "chance": chance}
    with override_settings(CONTENT_STORES={"default": {"BACKEND": f"{__name__}.DyingStore", "OPTIONS": options}}):
        base._build.cache_clear()
        run_on(run)


def killed_keeping(run: Run) -> int:
    """Kill while derivatives are stored, and at each write that catalogues them."""
    kills = 0
    for chance in (1, 2):
        status = forked(partial(keep_dying, run, chance))
        assert status == KILLED, (chance, status)
        kills += 1
    last = for_kind(run.file.kind).steps[-1].name

    def keep(chance: int) -> None:
        if Run.objects.get(pk=run.pk).state == "done":
            return
        with dying_at_write(chance) as arm:
            run_on(run, lambda event: arm() if event.step == last and event.state == "reused" else None)

    return kills + until_alive(keep)


def killed_sealing() -> int:
    """Kill at each write that seals and numbers a version."""

    def seal(chance: int) -> None:
        with dying_at_write(chance) as arm:
            arm()
            for sealing in Sealing.objects.filter(done_at=None, failure__isnull=True):
                catalogue.seal(sealing_id=sealing.pk)
            sequencer.sequence()

    return until_alive(seal)


def made(museum: Institution) -> dict[str, str]:
    """Give the CID of each derivative of an institution's only original."""
    return dict(Rendition.objects.filter(file__institution=museum, current=True).values_list("role", "cid"))


def main(name: str, place: str) -> None:
    """Do the whole way of one input twice, once killed at each stage, once not; say what each ended with."""
    folder = Path(place)
    killed, whole = (Institution.objects.create(slug=f"{name}-{one}", name_zh=one, name_en=one) for one in ("killed", "whole"))
    publish = name == "mesh"
    for piece in (0, 1, 2):
        assert forked(partial(receive, killed, folder, arriving=piece)) == KILLED
    kills = 3 + until_alive(lambda chance: receive(killed, folder, writing=chance, publish=publish))
    run = Run.objects.select_related("file").get(file__institution=killed)
    kills += killed_steps(run) + killed_keeping(run)
    if publish:
        kills += killed_sealing()
    receive(whole, folder)
    run_on(Run.objects.get(file__institution=whole))
    file = File.objects.get(institution=killed)
    Upload.objects.filter(state="open").update(created_at=timezone.now() - timedelta(days=2))
    leftovers.clear()
    told = {
        "kind": file.kind,
        "kills": kills,
        "same": made(killed) == made(whole) and File.objects.get(institution=whole).cid == file.cid,
        "roles": sorted(made(killed)),
        "runs": Run.objects.filter(file=file).count(),
        "left": sorted(str(path) for folder in ("staging", "runs") for path in (settings.DATA_DIR / folder).iterdir()),
        "uploads": sorted(set(Upload.objects.filter(institution=killed).values_list("state", flat=True))),
        "versions": Version.objects.filter(asset=file.asset).count(),
        "entries": sorted(Entry.objects.filter(subject_id=str(file.asset_id)).values_list("kind", flat=True)),
    }
    sys.stdout.write(json.dumps(told) + "\n")

# SPDX-License-Identifier: Apache-2.0
"""An anonymous visitor's asset page, uncached and cached, beside a bare Wagtail page on the same server; and the weight of the first load."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from cms.serving.address import choose_port, wait_until_it_answers
from cms.serving.group import Group
from cms.serving.site import web_server
from tests.bench.children import measure
from tests.bench.first_load import kilobytes
from tests.bench.rows import Row
from tests.bench.visitors import requests_per_second

HOST = "127.0.0.1"
PROMISED_KB = 150
BARE = "a bare Wagtail page"


def run() -> list[Row]:
    """Publish one small relic, serve it, and count."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        folder = Path(name)
        environment = {"QILU_DATA": str(folder / "data"), "DATABASE_URL": ""}
        path = f"/zh-hans/assets/{_publish(folder, environment)}/"
        with serving({**environment, "QILU_PAGE_CACHE_SECONDS": "0"}) as port:
            uncached, weight = _rate(port, path), kilobytes(HOST, port, path)
        with serving(environment) as port:
            cached = _rate(port, path)
        bare = _bare(folder)
    return [
        Row("asset page, uncached", uncached, bare, BARE, "requests/s"),
        Row("asset page, cached", cached, bare, BARE, "requests/s"),
        Row("asset page, first load without the viewer", weight, PROMISED_KB, "the promise", "kB"),
    ]


def _publish(folder: Path, environment: Mapping[str, str]) -> str:
    """Publish a coarse relic of the demo's generator; give its asset."""
    from cms.demo import originals

    scan = originals.make("cup", folder / "scan", detail=0.1)
    manage = [sys.executable, settings.BASE_DIR / "manage.py"]
    said = measure([*manage, "ingest", scan, "--title", "蛋壳黑陶高柄杯", "--publish", "--json"], environment=environment, folder=folder)
    measure([*manage, "collectstatic", "--noinput"], environment=environment, folder=folder)
    asset: str = json.loads(said.out)["asset"]
    return asset


@contextmanager
def serving(environment: Mapping[str, str], application: str = "cms.wsgi:application") -> Iterator[int]:
    """Serve an application as the product is served; give the port."""
    port = choose_port(HOST, None)
    command = [*web_server(host=HOST, port=port, workers=2, threads=2)[:-1], application]
    with Group() as group:
        group.start("web server", command, cwd=settings.BASE_DIR, environment=environment)
        if not wait_until_it_answers(HOST, port):
            raise RuntimeError("the server does not answer")
        yield port


def _rate(port: int, path: str) -> float:
    """Warm the server up, then count."""
    requests_per_second(HOST, port, path, seconds=2)
    return requests_per_second(HOST, port, path)


def _bare(folder: Path) -> float:
    """Count a page of a Wagtail project that has nothing of ours."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.peer.settings",
        "BENCH_FOLDER": str(folder),
        "PYTHONPATH": os.fspath(settings.BASE_DIR),
    }
    measure([sys.executable, "-m", "django", "migrate", "-v0"], environment=environment, folder=folder)
    with serving(environment, "tests.bench.peer.wsgi:application") as port:
        return _rate(port, "/")

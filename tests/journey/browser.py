# SPDX-License-Identifier: Apache-2.0
"""A real Chromium, a real server, and what a person looks at."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tests.commands import ROOT, Instance

AXE = next(
    (
        path
        for path in (ROOT / "node_modules" / "axe-core" / "axe.min.js", ROOT / "vendor-dev" / "axe-core" / "axe.min.js")
        if path.exists()
    ),
    None,
)
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


def chromium() -> str | None:
    """Find Debian's Chromium, or another on the PATH."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(instance: Instance) -> Iterator[str]:
    """Serve a data folder with a worker, as `manage.py serve` does for a person."""
    port = free_port()
    environment = {**instance.environment, "QILU_DEMO": "1", "QILU_BASE_URL": f"http://127.0.0.1:{port}", "QILU_CHECKPOINT_SECONDS": "1"}
    words = instance.command("serve", "--port", str(port), "--workers", "1")
    process = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for(f"http://127.0.0.1:{port}/zh-hans/", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _turn in range(600):
        assert process.poll() is None, (process.stderr.read() if process.stderr else b"")[-2000:]
        try:
            urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def log_in(page: Page, base: str, user: dict[str, Any], language: str = "zh-hans") -> None:
    page.goto(f"{base}/{language}/login/")
    page.fill("input[name=username]", user["name"])
    page.fill("input[name=password]", user["password"])
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)


def wait_until(page: Page, expression: str, seconds: int) -> None:
    """Ask the page again and again; `wait_for_function` would need `unsafe-eval`, which our own policy forbids."""
    for _turn in range(seconds * 2):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{expression} did not come true within {seconds} s")


def serious(page: Page) -> list[str]:
    """Give what axe finds serious or critical on the page."""
    assert AXE is not None, "axe-core is not installed"
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def pixels(page: Page, selector: str) -> np.ndarray:
    """Give what the screen shows of an element, as (height, width, 3) uint8."""
    return np.asarray(Image.open(BytesIO(page.locator(selector).first.screenshot())).convert("RGB"))


def keep(page: Page, folder: Path | None, name: str) -> None:
    """Keep a screenshot where one is asked for."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")

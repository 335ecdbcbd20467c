# SPDX-License-Identifier: Apache-2.0
"""The page's own viewer of splats, in a real browser under the policy of our public pages."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.preflight.cloud.splat import RECORD
from tests.journey.browser import ARGUMENTS, chromium

SCRIPT = Path(__file__).resolve().parents[3] / "guide" / "static" / "guide" / "splats.js"
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang=en><title>splats</title><link rel=icon href=data:,><link rel=stylesheet href=page.css>
<canvas data-splats=a.splat data-up=y tabindex=0 role=img aria-label="two balls"></canvas><script type=module src=splats.js></script>"""

pytestmark = [pytest.mark.journey, pytest.mark.skipif(chromium() is None, reason="no Chromium on the PATH")]


def balls() -> bytes:
    """A red ball on the left and a green one on the right."""
    towards = np.random.default_rng(1).normal(size=(6000, 3))
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    rows = np.zeros(6000, RECORD)
    rows["position"] = 0.5 * towards + np.where(np.arange(6000)[:, None] % 2, [0.8, 0, 0], [-0.8, 0, 0])
    rows["scale"], rows["rotation"] = 0.02, (255, 128, 128, 128)
    rows["colour"] = np.where(np.arange(6000)[:, None] % 2, [0, 220, 0, 250], [220, 0, 0, 250])
    return rows.tobytes()


class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "page.css").write_text("body{margin:0}canvas{width:400px;height:300px;display:block;background:#fff}")
    (tmp_path / "splats.js").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "a.splat").write_bytes(balls())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


def test_splats_are_shown_turned_and_failed_visibly(address: str, tmp_path: Path):
    from playwright.sync_api import Page, sync_playwright

    def picture(page: Page) -> np.ndarray:
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB")).astype(int)[:300, :400]

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, "--enable-unsafe-swiftshader"])
        page = browser.new_page(viewport={"width": 400, "height": 300})
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("canvas[data-state=ready]")
        first = picture(page)
        red, green = (((first[..., own] > 150) & (first[..., other] < 80)) for own, other in ((0, 1), (1, 0)))
        assert min(red.mean(), green.mean()) > 0.02
        assert np.nonzero(red)[1].mean() < 200 < np.nonzero(green)[1].mean()
        assert first[5, 5].tolist() == [255, 255, 255]

        page.focus("canvas")
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        assert np.abs(picture(page) - first).mean() > 2
        page.keyboard.press("Home")
        assert np.abs(picture(page) - first)[10:290, 10:390].mean() < 1
        assert errors == []

        (tmp_path / "a.splat").write_bytes(balls()[:-5])
        page.goto(address)
        page.wait_for_selector("canvas[data-state=failed]")
        browser.close()


def test_it_is_small_and_carries_no_eval():
    text = SCRIPT.read_text()
    assert len(text.encode()) <= 15 * 1024
    assert [word for word in ("eval(", "new Function", "innerHTML", ".style") if word in text] == []

# SPDX-License-Identifier: Apache-2.0
"""Every kind of capture on its own stage, in a real browser: drawn, played, turned, looked into, and free of what axe finds serious."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from cms.demo.practice import dance
from tests.journey.browser import WIDTHS, keep, pixels, serious, wait_until
from tests.journey.conftest import Site

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def motion(folder: Path) -> Path:
    return dance.build(folder, 1, 0.25)


def picture(folder: Path) -> Path:
    y, x = np.mgrid[0:900, 0:1400]
    waves = np.stack([np.sin(x / 40), np.cos(y / 50), np.sin((x + y) / 70)], axis=-1)
    Image.fromarray((waves * 100 + 128).astype(np.uint8)).save(folder / "waves.png")
    return folder / "waves.png"


def document(folder: Path) -> Path:
    (folder / "book").mkdir()
    for number in range(1, 5):
        page = Image.new("RGB", (300, 420), (250, 245, 232))
        ImageDraw.Draw(page).rectangle((40, 40 * number, 260, 380), outline=(160, 40, 30), width=6)
        page.save(folder / "book" / f"p{number}.png")
        (folder / "book" / f"p{number}.txt").write_text(f"第{number}页")
    return folder / "book"


def cloud(folder: Path) -> Path:
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 120, endpoint=False), np.linspace(0.05, np.pi - 0.05, 60))
    radius = 1 + 0.1 * np.sin(5 * u) * np.sin(4 * v)
    points = np.stack([radius * np.sin(v) * np.cos(u), radius * np.cos(v), radius * np.sin(v) * np.sin(u)], axis=-1).reshape(-1, 3)
    colours = np.clip(points * 90 + 128, 0, 255)
    np.savetxt(folder / "cloud.xyz", np.hstack([points, colours]), "%.5f %.5f %.5f %d %d %d")
    return folder / "cloud.xyz"


def film(folder: Path) -> Path:
    if shutil.which("ffmpeg") is None:
        pytest.skip("there is no ffmpeg: apt install ffmpeg")
    (folder / "film").mkdir()
    words = "-v error -f lavfi -i testsrc2=size=320x240:rate=10:duration=2 -f lavfi -i sine=duration=2 -c:v mpeg4 -c:a aac -shortest"
    subprocess.run(["ffmpeg", *words.split(), str(folder / "film" / "film.mp4")], check=True)
    (folder / "film" / "film.zh.vtt").write_text("WEBVTT\n\n00:00.200 --> 00:01.800\n测试画面\n")
    return folder / "film"


def moves(page: Page) -> None:
    open_model(page)
    wait_until(page, "!document.querySelector('[data-player]').hidden", seconds=60)
    page.locator("[data-seek]").fill("0.5")
    still = pixels(page, "model-viewer")
    assert page.locator("[data-time]").text_content() == "0.5 s"
    page.locator("[data-seek]").fill("1.3")
    page.wait_for_timeout(1500)
    assert np.abs(pixels(page, "model-viewer").astype(int) - still).mean() > 0.2, "another moment shows the same figure"


def is_painted(page: Page) -> None:
    open_model(page)
    page.click("[data-heat]")
    expect(page.locator("[data-legend]")).to_be_visible()
    assert page.get_attribute("[data-heat]", "aria-pressed") == "true"
    page.click("[data-heat]")
    expect(page.locator("[data-legend]")).to_be_hidden()


def open_model(page: Page) -> None:
    if page.locator("model-viewer").count() == 0 and not page.evaluate("matchMedia('(hover: hover) and (min-width: 60rem)').matches"):
        page.click("[data-poster]")
    wait_until(page, "document.querySelector('model-viewer')?.modelIsVisible === true", seconds=120)


def goes_deep(page: Page) -> None:
    page.click("[data-look]")
    wait_until(page, "document.querySelector('.stage.shown [data-deep] canvas') !== null", seconds=60)
    page.wait_for_timeout(1500)
    far = pixels(page, "[data-deep]")
    assert far.std() > 20
    page.click("[data-zoom='1.5']")
    page.wait_for_timeout(2500)
    assert np.abs(pixels(page, "[data-deep]").astype(int) - far).mean() > 1, "coming closer changes nothing"


def turns_pages(page: Page) -> None:
    expect(page.locator("[data-leaf] img").first).to_be_visible()
    page.click("[data-turner] [data-turn='1']")
    assert page.input_value("[data-page]") == "2"
    page.locator("[data-leaf]").press("End")
    assert page.input_value("[data-page]") == "4"
    page.click("[data-words]")
    expect(page.locator(".leaf-words").last).to_have_text("第4页")


def plays(page: Page) -> None:
    wait_until(page, "document.querySelector('video').readyState >= 1", seconds=60)
    page.evaluate("document.querySelector('video').currentTime = 1")
    wait_until(page, "document.querySelector('video').readyState >= 2 && !document.querySelector('video').seeking", seconds=60)
    assert pixels(page, "video").std() > 30
    assert page.evaluate("document.querySelector('video').textTracks[0].language") == "zh-Hans"


KINDS: dict[str, tuple[Callable[[Path], Path], Callable[[Page], None]]] = {
    "motion": (motion, moves),
    "image": (picture, goes_deep),
    "document": (document, turns_pages),
    "points": (cloud, is_painted),
    "film": (film, plays),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_digitized_published_and_brought_to_life(kind: str, site: Site, browser: Browser, tmp_path: Path) -> None:
    make, act = KINDS[kind]
    words = ("--title", f"样例 {kind}", "--institution", "demo-museum-qingzhou", "--publish")
    asset = site.instance.json("ingest", make(tmp_path), *words)["asset"]
    for width, (wide, high) in WIDTHS.items():
        page = browser.new_context(viewport={"width": wide, "height": high}, locale="zh-CN").new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error, seen=errors: seen.append(str(error)))
        page.on("console", lambda message, seen=errors: seen.append(message.text) if message.type == "error" else None)
        page.goto(f"{site.url}/zh-hans/assets/{asset}/")
        act(page)
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")
        keep(page, site.pictures, f"kind-{kind}-{width}")
        page.goto(f"{site.url}/en/assets/{asset}/report/")
        assert serious(page) == []
        assert errors == []
        page.context.close()

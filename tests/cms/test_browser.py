# SPDX-License-Identifier: Apache-2.0
"""The public pages in a real Chromium: the model is drawn under the site's own content policy, axe finds nothing serious, it works by keyboard."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test.utils import override_settings
from PIL import Image

from assets.models import Asset
from cms.middleware import memory
from ledger import sequencer
from tests.digitize.basis.pictures import lean_model, needs_basisu

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.skipif(not (ROOT / "vendor" / "model-viewer").is_dir(), reason="the front-end libraries are not in vendor/"),
]


@pytest.fixture(autouse=True)
def ready() -> Iterator[None]:
    memory.clear()
    with override_settings(WHITENOISE_USE_FINDERS=True):
        yield


@pytest.fixture(scope="module", autouse=True)
def beside_an_event_loop() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop running in this thread
        yield


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
        )
        yield browser
        browser.close()


@pytest.fixture
def shown(transactional_db: None, published_asset: Asset) -> Asset:
    sequencer.sequence()
    return published_asset


def opened(chromium: Any, address: str, *, width: int = 1280, **options: Any) -> tuple[Any, list[str]]:
    page = chromium.new_context(viewport={"width": width, "height": 844}, **options).new_page()
    page.set_default_timeout(90_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            complaints.append(f"foreign: {request.url}") if "//localhost" not in request.url and request.url.startswith("http") else None
        ),
    )
    page.goto(address)
    return page, complaints


def until(page: Any, expression: str) -> None:
    """Wait for an expression; Playwright's own way needs `eval`, which the site's content policy forbids."""
    for _attempt in range(900):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def serious(page: Any) -> list[tuple[str, Any]]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in {"serious", "critical"}]


# Of each texture with mipmaps of its own that the viewer shows: whether it stays compressed.
COMPRESSED = """(() => {
  const viewer = document.querySelector("model-viewer"), found = [];
  const scene = Object.getOwnPropertySymbols(viewer).map((name) => viewer[name]).find((one) => one?.isScene);
  scene?.traverse((one) => { if (one.material?.map?.mipmaps.length) found.push(one.material.map.isCompressedTexture === true); });
  return found;
})()"""


def test_the_model_is_drawn_after_a_tap(chromium: Any, live_server: Any, shown: Asset) -> None:
    page, complaints = opened(chromium, f"{live_server.url}/en/assets/{shown.pk}/", width=390, has_touch=True)
    assert page.locator("model-viewer").count() == 0
    page.locator("[data-poster]").tap()
    until(page, "document.querySelector('.stage.shown model-viewer')?.modelIsVisible === true")
    drawn = Image.open(BytesIO(page.locator("model-viewer").screenshot())).convert("RGB")
    middle = drawn.crop((drawn.width // 4, drawn.height // 4, drawn.width * 3 // 4, drawn.height * 3 // 4))
    assert len(middle.getcolors(100_000) or ()) > 5
    page.get_by_role("button", name="Turn left").click()
    until(page, "document.querySelector('model-viewer').cameraOrbit.includes('rad')")
    assert complaints == []
    assert serious(page) == []


@needs_basisu
def test_a_model_whose_textures_stay_compressed_is_drawn_under_the_content_policy(
    chromium: Any, live_server: Any, shown: Asset, tmp_path: Path
) -> None:
    page, complaints = opened(chromium, f"{live_server.url}/en/assets/{shown.pk}/", width=390, has_touch=True)
    page.locator("[data-poster]").tap()
    until(page, "document.querySelector('.stage.shown model-viewer')?.modelIsVisible === true")
    lean = f"data:model/gltf-binary;base64,{b64encode(lean_model(tmp_path)).decode()}"
    page.evaluate("address => { document.querySelector('model-viewer').src = address; }", lean)
    until(page, f"(() => {{ const kept = {COMPRESSED}; return kept.length > 0 && kept.every(Boolean); }})()")
    assert complaints == []


def test_a_desktop_loads_the_model_by_itself_and_offers_the_phone(chromium: Any, live_server: Any, shown: Asset) -> None:
    page, complaints = opened(chromium, f"{live_server.url}/zh-hans/assets/{shown.pk}/")
    page.wait_for_selector(".stage.shown model-viewer")
    page.get_by_role("button", name="在我的桌上看").click()
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert complaints == []


def test_without_script_everything_can_be_read_and_fetched(chromium: Any, live_server: Any, shown: Asset) -> None:
    page, complaints = opened(chromium, f"{live_server.url}/en/assets/{shown.pk}/", java_script_enabled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Eggshell cup"
    assert page.locator("[data-poster]").get_attribute("href", timeout=5000).endswith("/lod-0.glb")
    assert page.get_by_role("button").count() == 0
    page.goto(f"{live_server.url}/en/assets/")
    assert page.get_by_role("link", name="Eggshell cup").count() == 1
    assert complaints == []


PAGES = ["/zh-hans/", "/en/assets/", "/zh-hans/map/", "/en/regions/rizhao/", "/en/login/", "/zh-hans/nothing/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious_and_nothing_overflows(scheme: str, width: int, chromium: Any, live_server: Any, shown: Asset) -> None:
    found = {}
    for address in [*PAGES, f"/en/assets/{shown.pk}/report/"]:
        page, _complaints = opened(chromium, live_server.url + address, width=width, color_scheme=scheme)
        found[address] = (serious(page), page.evaluate("document.documentElement.scrollWidth > innerWidth"))
        page.context.close()
    assert {address: result for address, result in found.items() if result != ([], False)} == {}


def test_near_me_asks_first_sorts_and_sends_nothing(chromium: Any, live_server: Any, shown: Asset) -> None:
    page, _complaints = opened(
        chromium, f"{live_server.url}/en/map/", geolocation={"latitude": 35.5, "longitude": 119.5}, permissions=["geolocation"]
    )
    asked: list[str] = []
    assert page.locator("[data-distance]").first.inner_text() == ""
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="What is near me?").click()
    until(page, "document.querySelector('[data-distance]').textContent !== ''")
    assert page.locator("[data-distance]").first.inner_text() == "11 km"
    assert page.locator("circle.here").count() == 1
    assert asked == []


def test_the_skip_link_is_first_and_leads_to_the_content(chromium: Any, live_server: Any, shown: Asset) -> None:
    page, _complaints = opened(chromium, f"{live_server.url}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

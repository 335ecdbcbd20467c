# SPDX-License-Identifier: Apache-2.0
"""The whole idea in a real browser: upload, publish, walk around, order, receipt, verify, audit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journey.browser import WIDTHS, keep, log_in, pixels, serious, wait_until
from tests.journey.conftest import Site
from tests.pipelines.shapes import box_obj

pytestmark = [pytest.mark.journey, pytest.mark.slow]

PATIENCE = 300_000  # ms; a worker digitizes meanwhile


@dataclass(frozen=True)
class Walk:
    """One way through the whole: how wide the screen is, in which language, whose curator begins, what the scan is called."""

    width: str
    language: str
    curator: str
    title: str

    def context(self, browser: Browser, **more: Any) -> BrowserContext:
        """Open a window of this width in this language."""
        wide, high = WIDTHS[self.width]
        locale = "zh-CN" if self.language == "zh-hans" else "en-GB"
        return browser.new_context(viewport={"width": wide, "height": high}, locale=locale, **more)

    def page(self, browser: Browser, **more: Any) -> Page:
        """Open a page that waits a minute for what it is asked."""
        page = self.context(browser, **more).new_page()
        page.set_default_timeout(60_000)
        return page


WALKS = (Walk("desktop", "zh-hans", "curator-rizhao", "斑点牛"), Walk("phone", "en", "curator-qingzhou", "Spotted cow"))
PUBLIC = {"home": "/", "collection": "/assets/", "map": "/map/", "region": "/regions/rizhao/", "offers": "/licences/", "login": "/login/"}


def scan_files(tmp_path: Path) -> tuple[str, list[Path]]:
    """Give the real scan where it is, else a box: name and files."""
    spot = Path(__file__).resolve().parents[3] / "shared" / "data" / "scans" / "spot"
    if spot.is_dir():
        return "spot", [spot / "spot_triangulated.obj", spot / "spot_texture.png"]
    box_obj(tmp_path / "box")
    return "box", sorted((tmp_path / "box").iterdir())


@pytest.fixture(scope="module", params=WALKS, ids=lambda walk: walk.width)
def walk(request: pytest.FixtureRequest) -> Walk:
    way: Walk = request.param
    return way


@pytest.fixture(scope="module")
def page(browser: Browser, walk: Walk) -> Page:
    return walk.page(browser)


@pytest.fixture(scope="module")
def asset(site: Site, walk: Walk, page: Page, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Upload and publish through the curator's form; give the asset's number."""
    _name, files = scan_files(tmp_path_factory.mktemp("scan"))
    log_in(page, site.url, site.users[walk.curator], walk.language)
    page.goto(f"{site.url}/admin/uploads/add/")
    assert serious(page) == []
    keep(page, site.pictures, f"admin-upload-{walk.width}")
    page.set_input_files("#files", files)
    page.fill("input[name=title]", walk.title)
    page.check("input[name=publish]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/admin/runs/**")
    expect(page.get_by_text("lod-0").first).to_be_visible(timeout=PATIENCE)
    assert serious(page) == []
    keep(page, site.pictures, f"admin-run-{walk.width}")
    page.goto(f"{site.url}/admin/assets/")
    keep(page, site.pictures, f"admin-assets-{walk.width}")
    listed = {one["title"]: str(one["asset"]) for one in site.instance.json("list")["assets"]}
    assert page.get_by_text(walk.title).count() > 0
    return listed[walk.title]


def wait_until_published(site: Site, page: Page, asset: str) -> None:
    """Reload the permanent address until the worker has sealed the version."""
    for _turn in range(120):
        answer = page.goto(f"{site.url}/id/{asset}")
        if answer is not None and answer.ok:
            return
        page.wait_for_timeout(1000)
    raise AssertionError("the version was not sealed")


def test_the_model_is_drawn(site: Site, walk: Walk, page: Page, asset: str):
    wait_until_published(site, page, asset)
    assert page.url == f"{site.url}/{walk.language}/assets/{asset}/"
    assert re.search(r'href="/files/[a-z2-7]+/[a-z0-9-]+\.glb"', page.content())
    assert pixels(page, "[data-stage]").shape[0] > 300
    if walk.width == "phone":
        page.click("[data-poster]")  # there it waits for a tap; on a desk it loads when the page is idle
    wait_until(page, "document.querySelector('model-viewer')?.modelIsVisible === true", seconds=300)
    page.wait_for_timeout(2000)
    drawn = pixels(page, "model-viewer")
    middle = drawn[drawn.shape[0] // 4 : -drawn.shape[0] // 4, drawn.shape[1] // 3 : -drawn.shape[1] // 3]
    assert middle.std() > 12, "nothing is drawn in the middle of the stage"
    assert len(np.unique(middle.reshape(-1, 3) // 8, axis=0)) > 50
    before = pixels(page, "model-viewer")
    page.click("[data-turn='30']")
    page.wait_for_timeout(2500)
    assert np.abs(pixels(page, "model-viewer").astype(int) - before).mean() > 0.5, "turning changes nothing"
    keep(page, site.pictures, f"asset-model-{walk.width}")


# How far the model's surface under a pin is from where the pin says it hangs, as a share of the model's size.
OFF_THE_SURFACE = """(() => {
  const viewer = document.querySelector("model-viewer"), pin = viewer.querySelector(".pin"), box = pin.getBoundingClientRect();
  const hit = viewer.positionAndNormalFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const [x, y, z] = pin.dataset.position.split(" ").map(Number), size = viewer.getDimensions();
  return hit ? Math.hypot(hit.position.x - x, hit.position.y - y, hit.position.z - z) / Math.hypot(size.x, size.y, size.z) : 1;
})()"""


def test_annotate_by_clicking_publish_and_change_the_level(site: Site, walk: Walk, page: Page, asset: str):
    if walk.width == "phone":
        pytest.skip("once is enough; the phone's page is looked at with every kind")
    wait_until_published(site, page, asset)
    page.goto(f"{site.url}/admin/annotations/{asset}/")
    wait_until(page, "document.querySelector('model-viewer')?.modelIsVisible === true", seconds=300)
    page.wait_for_timeout(2000)
    page.click("[data-view]")  # its middle
    page.fill("#place [name=title_zh]", "斑点")
    page.fill("#place [name=title_en]", "A spot")
    assert float(page.input_value("#place [name=x]") or "nan") == pytest.approx(0, abs=100)
    assert serious(page) == []
    keep(page, site.pictures, "annotate-desktop")
    page.click("#place button[type=submit]")
    expect(page.locator("[data-row-state] .q-state--good")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{site.url}/admin/assets/edit/{asset}/")
    with page.expect_navigation():
        page.evaluate("document.querySelector('[name=action-publish]').click()")
    for _turn in range(120):
        page.goto(f"{site.url}/{walk.language}/assets/{asset}/")
        if page.locator("[data-places]").count():
            break
        page.wait_for_timeout(1000)
    wait_until(page, "document.querySelector('model-viewer')?.modelIsVisible === true", seconds=300)
    page.click("[data-show-note='1']")
    expect(page.locator("[data-note-card]")).to_contain_text("斑点")
    assert page.get_attribute(".pin", "aria-pressed") == "true"
    page.wait_for_timeout(2500)
    assert page.evaluate(OFF_THE_SURFACE) < 0.01
    keep(page, site.pictures, "pins-desktop")
    before = page.get_attribute(".pin", "data-position")
    page.evaluate("[...document.querySelectorAll('[data-levels] input')].at(-1).click()")
    wait_until(page, f"document.querySelector('.pin').dataset.position !== '{before}'", seconds=120)
    page.wait_for_timeout(2500)
    assert page.evaluate(OFF_THE_SURFACE) < 0.01
    assert serious(page) == []


def test_order_receipt_verify_revoke_and_audit(site: Site, walk: Walk, browser: Browser, page: Page, asset: str, tmp_path: Path):
    wait_until_published(site, page, asset)
    make_offer(site, walk, page, asset)
    buyer = walk.page(browser, accept_downloads=True)
    log_in(buyer, site.url, site.users["creator"], walk.language)
    licence = order_and_pay(site, walk, buyer, asset)
    receipt = download_receipt(buyer, tmp_path / "receipt.zip")
    assert verify(site, receipt, tmp_path) == 0
    with buyer.expect_download() as master:
        buyer.click("a[href*='/master/']")
    assert Path(master.value.path()).stat().st_size > 1000
    revoke(site, walk, page, licence)
    buyer.goto(f"{site.url}/{walk.language}/licences/{licence}/")
    assert buyer.locator("a[href*='/master/']").count() == 0
    assert verify(site, download_receipt(buyer, tmp_path / "revoked.zip"), tmp_path) == 1
    audit(site, walk, browser, asset, licence)
    assert site.instance.json("verify")["findings"] == []


def make_offer(site: Site, walk: Walk, page: Page, asset: str) -> None:
    """Offer the asset for products, as its curator."""
    page.goto(f"{site.url}/{walk.language}/licences/assets/{asset}/")
    page.select_option("select[name=use]", "product")
    page.fill("input[name=price]", "1200")
    page.click("main section.card form button.primary")
    expect(page.locator("ul.entries")).to_contain_text("1,200")
    assert serious(page) == []


def order_and_pay(site: Site, walk: Walk, buyer: Page, asset: str) -> str:
    """Order from the asset's page and pay in the sandbox; give the licence's number."""
    buyer.goto(f"{site.url}/{walk.language}/assets/{asset}/")
    buyer.click("a[href*='/licences/offers/']")
    assert serious(buyer) == []
    keep(buyer, site.pictures, f"offer-{walk.width}")
    buyer.click("aside form button.primary")
    if buyer.locator("button[name=answer][value=pay]").count() == 0:
        buyer.click("main form button.primary")
    keep(buyer, site.pictures, f"sandbox-{walk.width}")
    buyer.click("button[name=answer][value=pay]")
    buyer.click("a.button.primary[href*='/licences/']")
    buyer.wait_for_url(re.compile(r"/licences/[0-9a-f-]{36}/$"))
    assert serious(buyer) == []
    keep(buyer, site.pictures, f"licence-{walk.width}")
    return buyer.url.rstrip("/").rsplit("/", 1)[1]


def download_receipt(buyer: Page, target: Path) -> Path:
    """Download the receipt's bundle from the licence's page."""
    with buyer.expect_download() as download:
        buyer.click("a[href$='receipt.zip']")
    download.value.save_as(target)
    return target


def verify(site: Site, bundle: Path, tmp_path: Path) -> int:
    """Verify a bundle as its holder would: another process, the policy, nothing else."""
    policy = tmp_path / "policy.json"
    policy.write_text(site.instance.run("policy").stdout)
    verifier = Path(__file__).resolve().parents[2] / "ledger" / "verify.py"
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("QILU", "DJANGO"))}
    return subprocess.run(
        [sys.executable, str(verifier), str(bundle), "--policy", str(policy)], cwd=tmp_path, env=alone, check=False
    ).returncode


def revoke(site: Site, walk: Walk, page: Page, licence: str) -> None:
    """Revoke as the curator whose institution granted it."""
    page.goto(f"{site.url}/{walk.language}/licences/{licence}/")
    page.click("details:has(select[name=reason]) summary")
    page.select_option("select[name=reason]", "breach")
    page.click("button.danger")
    expect(page.locator(".seal.broken")).to_be_visible()


def audit(site: Site, walk: Walk, browser: Browser, asset: str, licence: str) -> None:
    """Look at both trails as the supervisor."""
    page = walk.page(browser)
    log_in(page, site.url, site.users["supervisor"], walk.language)
    page.goto(f"{site.url}/{walk.language}/supervision/assets/{asset}/")
    page.wait_for_timeout(3000)
    page.reload()
    assert page.locator("ol.trail > li").count() >= 5
    assert page.locator("ol.trail .seal.turned").count() >= 4
    assert serious(page) == []
    keep(page, site.pictures, f"trail-{walk.width}")
    page.goto(f"{site.url}/{walk.language}/supervision/licences/{licence}/")
    assert page.locator("ol.trail > li").count() >= 2
    page.goto(f"{site.url}/{walk.language}/supervision/")
    assert serious(page) == []
    keep(page, site.pictures, f"supervision-{walk.width}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_public_page_at_every_width_in_both_languages(site: Site, walk: Walk, browser: Browser, asset: str, language: str):
    page = replace(walk, language=language).page(browser)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    pages = {**PUBLIC, "asset": f"/assets/{asset}/", "report": f"/assets/{asset}/report/"}
    for name, path in pages.items():
        answer = page.goto(f"{site.url}/{language}{path}")
        assert answer is not None
        assert answer.ok, path
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), f"{path} scrolls sideways"
        assert page.evaluate("document.documentElement.lang").lower().startswith(language[:2]), path
        keep(page, site.pictures, f"{name}-{walk.width}-{language}")
    assert errors == []


def test_the_asset_page_reads_without_javascript(site: Site, walk: Walk, browser: Browser, asset: str):
    page = walk.page(browser, java_script_enabled=False)
    page.goto(f"{site.url}/{walk.language}/assets/{asset}/")
    expect(page.locator("h1")).to_have_text(walk.title)
    expect(page.locator("[data-poster] img")).to_be_visible()
    assert page.locator("a[href$='.glb']").count() > 0
    assert page.locator("a[href$='.usdz']").count() > 0


def test_the_first_load_is_light(site: Site, walk: Walk, browser: Browser, asset: str):
    page = walk.page(browser)
    sizes: dict[str, int] = {}

    def note(answer):
        if "model-viewer" not in answer.url and not answer.url.endswith(".glb"):
            sizes[answer.url] = int(answer.request.sizes()["responseBodySize"])

    page.on("requestfinished", lambda request: note(request.response()))
    page.goto(f"{site.url}/{walk.language}/assets/{asset}/", wait_until="load")
    assert sum(sizes.values()) <= 150_000, sizes

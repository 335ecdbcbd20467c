# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.test import Client
from django.utils.translation import override

from assets.models import Asset
from guide import report
from tests.guide.test_panels import error, made, shown


def test_bars_leave_out_empty_ends_and_keep_every_sample() -> None:
    drawn = report.bars([0.0, 1.0, 2.0, 3.0, 4.0], [0, 30, 10, 0], "mm")
    assert [(bar.low, bar.high, bar.share, bar.height) for bar in drawn] == [
        ("1.0 mm", "2.0 mm", "75.0%", report.BAR_HEIGHT),
        ("2.0 mm", "3.0 mm", "25.0%", report.BAR_HEIGHT / 3),
    ]
    assert drawn[0].x + drawn[0].width < drawn[1].x
    assert report.bars([0.0, 1.0], [0], "mm") == ()
    assert report.bars([0.0], [1], "mm") == ()


def test_facts_are_told_in_order_and_unknown_ones_passed_over() -> None:
    with override("en"):
        told = report.facts({"watertight": False, "triangles": 12, "unit": None, "diagonal": 2.0, "volume": 3, "manifold": None})
    assert told == (("Triangles", "12"), ("Diagonal", "2.000"), ("Unit", "not declared"), ("Watertight", "no"))


CONTENT = {
    "doubts": [{"code": "levels.target-missed", "at": None, "params": {"role": "lod-2", "asked": 10, "got": 20}, "message": "x"}],
    "tools": {"numpy": "2", "DracoPy": "1"},
    "renditions": [
        {"role": "lod-0", "measured": {"histogram": {"edges_relative": [0, 1], "counts": [5]}, "unit": "m", "samples": 7, "method": "m"}},
        {"role": "lod-0-compressed", "measured": {"histogram": {"edges_relative": [0, 0.5, 1], "counts": [1, 3]}, "unit": "m", "samples": 9, "method": "m"}},
    ],
}  # fmt: skip


def test_a_report_is_told_of_the_file_that_is_shown() -> None:
    published = shown(
        made("usdz", measured=error(1e-3)),
        made("lod-0-compressed", measured=error(1e-3)),
        made("lod-0", measured=error(1e-9)),
        made("report"),
    )
    published.record["originals"][0]["facts"]["diagonal"] = 0.2
    told = report.tell(published, 1, CONTENT, "en")
    assert [row.role for row in told.rows] == ["lod-0", "lod-0-compressed", "usdz"]
    assert [row.mean for row in told.rows] == ["< 0.0001 mm", "1.0 mm", "1.0 mm"]
    assert [(bar.high, bar.share) for bar in told.bars] == [("10 cm", "25.0%"), ("20 cm", "75.0%")]
    assert (told.samples, told.complete) == ("9", True)
    assert told.tools == (("DracoPy", "1"), ("numpy", "2"))
    assert len(told.doubts) == 1
    assert told.doubts != report.tell(published, 1, CONTENT, "zh-hans").doubts


def test_without_the_machine_readable_report_the_record_still_speaks() -> None:
    told = report.tell(shown(made("lod-0", measured=error(1e-3))), 1, {}, "en")
    assert (told.complete, told.bars, told.doubts, len(told.rows)) == (False, (), (), 1)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page(language: str, stranger: Client, published_asset: Asset) -> None:
    response = stranger.get(f"/{language}/assets/{published_asset.pk}/report/")
    assert response.status_code == 200
    assert [part.name for part in response.context["parts"]] == ["cup.ply"]


def test_the_page_of_a_draft_is_not_there(stranger: Client, draft_asset: Asset) -> None:
    assert stranger.get(f"/en/assets/{draft_asset.pk}/report/").status_code == 404

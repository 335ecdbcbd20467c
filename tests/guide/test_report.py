# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from assets.models import Asset
from guide import figures, report
from guide.report.rendition import detail, summary
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
    assert told == (("Triangles", "12"), ("Diagonal", "2.000"), ("Unit", "not declared"), ("Volume", "3"), ("Watertight", "no"))


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
    assert [made.row.role for made in told.rows] == ["lod-0", "lod-0-compressed", "usdz"]
    assert [made.row.mean for made in told.rows] == ["< 0.0001 mm", "1.0 mm", "1.0 mm"]
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


def test_a_small_length_without_unit_has_its_power_of_ten() -> None:
    assert [figures.length(value, None) for value in (0.0, 2.5, 1.5233888e-08, 1e-5)] == ["0", "2.5", "1.5 × 10⁻⁸", "0.000010"]


MEASURED = {
    "mean": 0.00002, "rms": 0.00003, "p999": 0.0001, "max": 0.0004, "unit": "m", "mm": {"mean": 0.02, "rms": 0.03, "p999": 0.1, "max": 0.4},
    "per_10000_of_diagonal": {"mean": 0.1, "rms": 0.15, "p999": 0.5, "max": 2.0}, "forward": {"mean": 0.00002, "max": 0.0004}, "backward": {"mean": 0.00001, "max": 0.0003},
    "normal_deviation": {"mean": 0.5, "p999": 12.0}, "colour_psnr": 41.25, "colour_mae": 0.5, "colour_off": 0.00015, "bytes": 1000, "gzip_bytes": 800,
    "atlas": {"texel_density": {"median": 2200.0, "p5": 1100.0}, "uv_coverage": 0.5, "uv_overlap": 0.0},
    "shape": {"watertight": True, "manifold": False, "components": 1, "boundary_edges": 3, "empty_triangles": 0},
}  # fmt: skip


def test_every_number_of_a_surface_is_told() -> None:
    with override("en"):
        told = detail({"role": "lod-1", "measured": MEASURED, "sha256": "ab", "bytes": 1000, "triangles": 12}, "Medium", "/files/x")
    assert [(line.length, line.mm, line.relative, line.forward, line.backward) for line in told.distances] == [
        ("0.0000200", "0.0200", "0.100", "0.0000200", "0.0000100"),
        ("0.0000300", "0.0300", "0.150", "–", "–"),
        ("0.000100", "0.100", "0.500", "–", "–"),
        ("0.000400", "0.400", "2.00", "0.000400", "0.000300"),
    ]
    assert (told.unit, told.directions, told.sha256) == ("m", True, "ab")
    assert [value for _label, value in told.values] == [
        "0.50°", "12°", "2,200 / m", "1,100 / m", "50.0 %", "0 %", "yes", "no", "1", "3", "0", "41.2 dB", "0.5000 / 255", "0.0150 %", "12", "1.0 kB (1,000 B)", "800 B (800 B)",
    ]  # fmt: skip


def test_what_has_no_surface_is_told_in_its_own_measures() -> None:
    with override("en"):
        assert summary({"exact": True, "colour_psnr": None}) == "without loss"
        assert summary({"colour_psnr": 49.0, "delta_e_mean": 0.165}) == "ΔE 0.1650 · 49.0 dB"
        assert summary({"colour_psnr": 46.9372, "ssim": 0.9965, "snr_db": 38.86, "loudness_difference_lu": -0.1}) == (
            "46.9 dB · SSIM 0.9965 · SNR 38.9 dB · -0.10 LU"
        )
        film = dict(detail({"role": "film", "error": {"psnr": 46.0, "colour_psnr": 46.0, "ssim": 0.99, "exact": False}}, "Film", "").values)
    assert film == {
        "Picture, signal-to-noise ratio (PSNR)": "46.0 dB",
        "Picture, structural similarity (SSIM)": "0.99",
        "Without loss": "no",
    }


def test_facts_of_every_kind_have_words() -> None:
    with override("en"):
        film = report.facts({
            "kind": "film", "frame_rate": "30000/1001", "shots": [0.0, 2.0], "interlaced": False, "duration": 75.0,
            "loudness": {"integrated_lufs": -21.8, "range_lu": 0.0, "true_peak_dbtp": None},
        })  # fmt: skip
        motion = report.facts({
            "kind": "motion", "rate": 30.0, "joints": 7, "unit_evidence": "undeclared",
            "orientation": {"up": "y", "evidence": "proposed: rests on the widest base", "confidence": 0.48, "confirmed": False},
        })  # fmt: skip
    assert film == (
        ("Kind of capture", "Film"), ("Length", "75.0 s (1:15)"), ("Frames in a second", "29.97 Hz"), ("Interlaced", "no"), ("Shots", "2"),
        ("Loudness", "-21.80 LUFS · range 0 LU"),
    )  # fmt: skip
    assert motion == (
        ("Kind of capture", "Movement"), ("Joints", "7"), ("Where the unit comes from", "nothing declares it"),
        ("Orientation", "y · proposed: it would rest on its widest base · confidence 48.0 % · not yet confirmed by a curator"),
        ("Frames in a second", "30 Hz"),
    )  # fmt: skip


def test_a_verdict_names_each_shortfall_in_the_language_of_the_page() -> None:
    short = {
        "code": "verdict.mean-e4",
        "message": "x",
        "role": "lod-0",
        "params": {"role": "lod-0", "limit": "<= 2", "got": "3", "measure": "mean_e4"},
    }
    found = {"profile": "visit", "version": 1, "judged": 9, "passes": False, "shortfalls": [short]}
    with override("en"):
        english = report.verdict(found, "en")
    with override("zh-hans"):
        chinese = report.verdict(found, "zh-hans")
    assert english.shortfalls == ("The mean distance in 1e-4 of the diagonal: 3, demanded is <= 2 (Fine).",)
    assert chinese.shortfalls == ("平均误差（对角线的万分之一）：3，标准要求 <= 2（精细）。",)
    assert (english.title, english.passes, chinese.title) == (
        "To be looked at on a screen or on a table",
        False,
        "供屏幕浏览与桌面增强现实观看",
    )
    assert report.verdict({"profile": "../../secrets", "judged": 0, "passes": None}, "en").title == ""
    assert report.verdict(None, "en") is None


def test_a_level_may_be_chosen_and_an_unknown_one_is_the_usual() -> None:
    published = shown(made("lod-0-compressed", measured=error(1e-3)), made("lod-0", measured=error(1e-9)))
    published.record["originals"][0]["facts"]["diagonal"] = 0.2
    told = {level: report.tell(published, 1, CONTENT, "en", level) for level in ("lod-0", "nothing")}
    assert {level: [one.role for one in found.levels if one.chosen] for level, found in told.items()} == {
        "lod-0": ["lod-0"],
        "nothing": ["lod-0-compressed"],
    }
    assert [bar.share for bar in told["lod-0"].bars] == ["100.0%"]


@pytest.mark.parametrize(("language", "copy"), [("en", "Copy the command"), ("zh-hans", "复制命令")])
def test_the_command_the_digests_of_what_came_in_and_the_verdict_are_on_the_page(language: str, copy: str) -> None:
    content = {
        **CONTENT,
        "recipe": {"name": "mesh", "version": 1},
        "command": {"line": "python3 manage.py digitize cup.ply OUT --recipe mesh"},
        "source": {"files": [{"name": "cup.ply", "bytes": 1200, "sha256": "ab" * 32}], "declared": {"unit": "mm"}},
        "verdict": {"profile": "visit", "judged": 3, "passes": True, "shortfalls": []},
    }
    told = report.tell(shown(made("lod-0", measured=error(1e-3))), 1, content, language)
    with override(language):
        page = render_to_string("cms/report/replay.html", {"told": told}) + render_to_string(
            "cms/report/verdict.html", {"verdict": told.verdict}
        )
    assert (told.recipe, told.declared) == ("mesh 1", (("unit", "mm"),))
    assert [part in page for part in (content["command"]["line"], "ab" * 32, "1.2 kB", copy, "note done")] == [True] * 5


SET = {
    "photos": {"photos": [
        {"name": "a.jpg", "verdict": "keep", "reasons": []},
        {"name": "b.jpg", "verdict": "reshoot", "reasons": [{"code": "photo.no-detail", "params": {}}]},
        {"name": "c.jpg", "verdict": "leave-out", "reasons": [{"code": "photo.duplicate", "params": {"other": "a.jpg"}}]},
    ]},
    "verdict": {"verdict": {
        "state": "usable", "kept": 1, "photos": 3, "failing": [],
        "lacking": [{"code": "photos.gap", "params": {"degrees": 70, "after": "a.jpg", "before": "b.jpg", "more": 4}}],
    }},
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "mend"),
    [("en", "The set will do, with these limits", "Take 4 more there"), ("zh-hans", "这组照片可用，但有以下不足", "补拍 4 张")],
)
def test_a_set_of_photographs_says_what_to_take_again_and_where_more(language: str, title: str, mend: str) -> None:
    with override(language):
        told = report.photographs({"steps": SET}, language, {"camera-plan": "/plan.webp"})
        page = render_to_string("cms/report/photographs.html", {"set": told, "number": 1})
        assert told is not None
        assert told.title == title
    assert (told.ready, [(one.number, one.again) for one in told.left]) == (None, [(2, True), (3, False)])
    assert "70°" in told.advice[0].text
    assert mend in told.advice[0].mend
    assert [word in page for word in (title, mend, "/plan.webp", "b.jpg")] == [True] * 4


def test_what_is_no_set_of_photographs_has_no_word_of_one() -> None:
    assert report.photographs({"steps": {"verdict": {}}}, "en", {}) is None
    assert report.photographs({}, "en", {}) is None
    assert render_to_string("cms/report/photographs.html", {"set": None}).strip() == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("scale bar of 100 mm", "一段已知长度：100 mm（比例尺）"),
        ("2 scale bars, within 0.31 mm", "2 段已知长度（比例尺），相差不超过 0.31 mm"),
        ("6 known lengths of printed markers, within 0.27 mm", "6 段已知长度（打印的标记点），相差不超过 0.27 mm"),
        ("known length of printed markers of 250 mm", "一段已知长度：250 mm（打印的标记点）"),
        ("declared", "已声明"),
        ("declared with the upload, within 0.3 % of a scale bar of 100 mm", "上传时声明；与一段已知长度：100 mm（比例尺）相差 0.3 %"),
        ("stated by the LAS (EPSG:4547 is in metres)", "EPSG:4547 以米为单位"),
        ("proposed: the figure is tallest along y", "建议：人物沿 y 轴最高"),
        ("a note in the file", "a note in the file"),
    ],
)
def test_evidence_of_scale_is_told_in_the_language_of_the_page(said: str, words: str) -> None:
    with override("zh-hans"):
        assert report.evidence(said) == words

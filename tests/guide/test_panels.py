# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from assets.models import Asset, Institution, Place
from assets.queries import Published, published
from guide import panels, queries
from guide.figures import haversine
from guide.panels.measured import role_name
from guide.panels.proof import signers
from ledger import sequencer
from tests.cast import digitized, error, publish


def made(role: str, size: int = 1000, *, measured: dict[str, Any] | None = None, original: int = 1, **facts: Any) -> dict[str, Any]:
    media = {
        "thumbnail": "image/webp",
        "image": "image/webp",
        "sound": "audio/wav",
        "waveform": "image/svg+xml",
        "usdz": "model/vnd.usdz+zip",
    }
    media_type = media.get(role, "model/gltf-binary")
    return {"original": original, "role": role, "media_type": media_type, "path": f"renditions/{role}", "cid": f"cid{role.replace('-', '')}", "sha256": "0" * 64, "bytes": size, "triangles": size // 10, "error": measured, "facts": facts}  # fmt: skip


def record(*renditions: dict[str, Any], **changes: Any) -> dict[str, Any]:
    text = {
        "title": "杯",
        "culture": "",
        "date_label": "",
        "materials": "",
        "dimensions": "",
        "story": "",
        "picture_alt": "",
        "method": "human",
    }
    base = {
        "schema": "qilu.record/1", "kind": "object", "accession_number": "", "synthetic": False, "place": None,
        "institution": {"id": "", "slug": "m", "name": {"zh-hans": "馆", "en": "Museum"}}, "rights": None,
        "texts": {"zh-hans": text}, "originals": [{"facts": {"triangles": 400}}], "renditions": list(renditions),
    }  # fmt: skip
    return {**base, **changes}


def shown(*renditions: dict[str, Any], **changes: Any) -> Published:
    one = UUID(int=1)
    return Published(
        asset=one, version=one, number=1, cid="bafy", sealed_at=timezone.now(), withdrawn_at=None, withdrawn_reason="", entry=one, record=record(*renditions, **changes)
    )  # fmt: skip


def test_stage_shows_the_finest_level_that_is_light() -> None:
    found = panels.stage(
        shown(made("lod-0", 90_000_000), made("lod-0-compressed", 3_000_001), made("lod-1", 9_000_000), made("lod-1-compressed", 800_000), made("lod-2", 5)), "zh-hans"
    )  # fmt: skip
    assert [(level.role, level.url, level.first) for level in found.levels] == [
        ("lod-0", "/files/cidlod0compressed/lod-0-compressed.glb", False),
        ("lod-1", "/files/cidlod1compressed/lod-1-compressed.glb", True),
        ("lod-2", "/files/cidlod2/lod-2.glb", False),
    ]
    assert (found.kind, found.model, found.ar_usdz) == ("model", "/files/cidlod0/lod-0.glb", None)
    assert found.ar_model == "/files/cidlod1/lod-1.glb"


@pytest.mark.parametrize(
    ("size", "taken", "leaner"),
    [
        (3_000_000, {"textures": 5_592_432, "uncompressed": 22_369_620}, "/files/cidlod0ktx2/lod-0-ktx2.glb"),
        (5_500_000, {"textures": 5_592_432, "uncompressed": 22_369_620}, None),  # too long a way for what it spares
        (1_000_000, {"textures": 1_398_128, "uncompressed": 5_592_404}, None),  # spares little
    ],
)
def test_a_level_has_its_ktx2_form_where_that_spares_enough(size: int, taken: dict[str, int], leaner: str | None) -> None:
    renditions = (made("lod-0", 4_000_000), made("lod-0-compressed", 1_000_000), made("lod-0-ktx2", size, device_bytes=taken))
    (level,) = panels.stage(shown(*renditions), "en").levels
    assert (level.url, level.lean) == ("/files/cidlod0compressed/lod-0-compressed.glb", leaner)


def test_stage_of_a_picture_a_sound_alone_and_nothing() -> None:
    picture = panels.stage(shown(made("image", width=900, height=600), made("thumbnail", width=450, height=300)), "en")
    assert (picture.kind, picture.poster, picture.width, picture.height) == ("picture", "/files/cidthumbnail/thumbnail.webp", 450, 300)
    assert picture.large == "/files/cidimage/image.webp"
    assert panels.stage(shown(made("sound")), "en").kind == "empty"
    assert panels.stage(shown(), "en").alt == "杯"


def test_measured_speaks_of_the_file_that_is_shown() -> None:
    plain, compressed = error(1e-9), error(8.1e-5)
    found = panels.measured(shown(made("lod-0", measured=plain), made("lod-0-compressed", 400, measured=compressed)))
    assert found is not None
    assert (found.mean, found.worst, found.psnr, found.original_triangles, found.unit_known) == (
        "0.081 mm",
        "0.65 mm",
        "41.5 dB",
        "400",
        True,
    )
    assert [(row.role, row.mean, row.size, row.compressed) for row in found.rows] == [("lod-0", "0.081 mm", "1.0 kB", "400 B")]


def test_measured_speaks_of_points_where_the_scan_has_no_triangles() -> None:
    scan = shown(made("lod-0", measured=error(0.02)))
    scan.record["originals"][0]["facts"] = {"kind": "points", "points": 7200}
    found = panels.measured(scan)
    assert found is not None
    assert (found.points, found.triangles) == ("7,200", "100")
    with override("en"):
        told = render_to_string("guide/panels/measured.html", {"measured": found, "published": scan})
    assert "the scan’s 7,200 points; the finest model has 100 triangles" in " ".join(told.split())


def test_measured_says_where_the_unit_is_unknown() -> None:
    found = panels.measured(shown(made("lod-0", measured=error(0.02, unit=None))))
    assert found is not None
    assert (found.mean, found.unit_known) == ("0.020", False)
    assert panels.measured(shown(made("image"))) is None
    assert panels.measured(shown(made("lod-0"))) is None


def test_role_names_of_twins() -> None:
    with override("en"):
        assert role_name("lod-1-compressed") == "Medium, compressed"
    with override("zh-hans"):
        assert role_name("lod-1-compressed") == "中等，压缩"
    assert role_name("something-new") == "something-new"


def test_facts_leave_out_what_is_unknown() -> None:
    with override("en"):
        assert [(fact.label, fact.value) for fact in panels.facts(shown(), "en")] == [("Kept by", "Museum")]


def test_sounds_and_their_waveforms() -> None:
    found = panels.sounds(shown(made("sound", seconds=61.7, original=2), made("waveform", original=2), made("image")))
    assert [(one.sources[0].url, one.waveform, one.length) for one in found] == [
        ("/files/cidsound/sound.wav", "/files/cidwaveform/waveform.svg", "1:01")
    ]


def test_stage_of_every_other_kind() -> None:
    film = panels.stage(shown(made("film"), made("hls", index="master.m3u8"), made("captions-zh"), made("thumbnail")), "en")
    assert (film.kind, film.ladder, [one.language for one in film.captions]) == ("film", "/files/cidhls/hls.glb/master.m3u8", ["zh-Hans"])
    pages = panels.stage(shown(made("pages", index="pages.json", pages=12), made("thumbnail")), "en")
    assert (pages.kind, pages.count, pages.index, pages.base) == (
        "pages",
        12,
        "/files/cidpages/pages.glb/pages.json",
        "/files/cidpages/pages.glb/",
    )
    dance = panels.stage(shown(made("motion", duration=4.5), made("thumbnail")), "en")
    assert (dance.kind, dance.seconds, [one.role for one in dance.levels], dance.ar_model) == ("model", 4.5, ["motion"], None)
    cloud = panels.stage(shown(made("points")), "en")
    assert (cloud.kind, cloud.cloud) == ("model", True)
    field = panels.stage(shown(made("splats", 320), made("points")), "en")
    assert (field.kind, field.count, field.script) == ("splats", 10, "guide/splats.js")
    deep = panels.stage(shown(made("image"), made("pyramid", index="pyramid.dzi", width=9000, height=6000)), "en")
    assert (deep.kind, deep.tiles, deep.full_width) == ("picture", "/files/cidpyramid/pyramid.glb/pyramid.dzi", 9000)


def test_the_error_is_painted_with_its_scale() -> None:
    scale = {"low": 0.0, "high": 0.25, "unit": "mm", "high_per_10000_of_diagonal": 5.0}
    found = panels.stage(shown(made("lod-0"), made("heat", of="lod-0", scale=scale, colours=["#000", "#777", "#fff"])), "en").heat
    assert found is not None
    assert (found.url, found.of, found.stops) == ("/files/cidheat/heat.glb", "lod-0", (("#000", 0.0), ("#777", 50.0), ("#fff", 100.0)))
    assert "0.25" in found.high
    assert panels.stage(shown(made("lod-0"), made("heat")), "en").heat is None


def test_downloads_name_each_file_once() -> None:
    with override("en"):
        names = [one.name for one in panels.downloads(shown(made("lod-0"), made("usdz"), made("thumbnail")))]
        told = [one.name for one in panels.downloads(shown(made("sound"), made("report")))]
    assert names == ["3D model, fine (GLB)", "For Apple devices (USDZ)", "Record (JSON)"]
    assert told == ["Sound", "Record (JSON)", "Digitization report"]


def test_signers_of_a_note() -> None:
    note = "qilu.local/log\n7\nroot=\n\n— qilu.local/log AAAA\n— qilu.local/witness BBBB\n"
    assert signers(note) == ("qilu.local/log", "qilu.local/witness")
    assert signers("no signatures") == ()


def test_proof_turns_only_when_it_is_witnessed(published_asset: Asset, django_assert_num_queries: Any) -> None:
    found = published(published_asset.pk)
    assert found is not None
    with django_assert_num_queries(1):
        before = panels.proof(found)
    assert (before.done, before.index, before.witnesses) == (False, None, ())
    head = sequencer.sequence()
    assert head is not None
    after = panels.proof(found)
    assert (after.done, after.size, len(after.witnesses)) == (True, head.size, 1)
    assert after.index is not None
    assert after.index < head.size
    assert after.mean == "0.090 mm"


SPOTS = {"laoshan": (36.11, 120.47), "qufu": (35.58, 116.99), "taian": (36.2, 117.09), "liangcheng": (35.58, 119.57), "far": (30.0, 104.0)}


@pytest.fixture
def scattered(institution: Institution) -> dict[str, Asset]:
    found = {}
    for name, (latitude, longitude) in SPOTS.items():
        institution.place = Place.objects.create(
            slug=name, kind="region", name_zh=name, name_en=name, latitude=latitude, longitude=longitude, datum="WGS-84"
        )
        found[name] = digitized(institution, name, content=name.encode())
        publish(found[name])
    return found


def test_near_is_the_order_of_true_distance(published_asset: Asset, scattered: dict[str, Asset], django_assert_num_queries: Any) -> None:
    here = (35.4, 119.5)
    with django_assert_num_queries(1):
        found = queries.around(here, but=published_asset.pk, most=10)
    expected = ["liangcheng", "laoshan"]
    assert [one.asset for one, _there in found] == [scattered[name].pk for name in expected]
    known = published(published_asset.pk)
    assert known is not None
    cards = panels.near(known, "zh-hans")
    assert [round(card.metres or 0) for card in cards] == [round(haversine(here, SPOTS[name])) for name in expected]


def test_nothing_is_near_what_has_no_place() -> None:
    assert panels.near(shown(), "zh-hans") == []

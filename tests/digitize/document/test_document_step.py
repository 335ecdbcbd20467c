# SPDX-License-Identifier: Apache-2.0
"""Documents page by page: PDF, one picture of several pages, a folder of pictures; with the text that lies in or beside them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from digitize.errors import Refusal
from digitize.preflight import inspect
from tests.digitize.corpus.documents import letters, packed
from tests.digitize.image.runs import codes, patches, step, whole

PARAMS = {"dpi": 144, "side": 2400, "thumbnail": 100, "quality": 80}


def index(archive: Path) -> list[dict[str, Any]]:
    with zipfile.ZipFile(archive) as pages:
        found: list[dict[str, Any]] = json.loads(pages.read("pages.json"))["pages"]
        assert [page["image"] for page in found] == [f"{i:04d}.webp" for i in range(1, len(found) + 1)]
        for page in found:
            with Image.open(io.BytesIO(pages.read(page["image"]))) as picture:
                assert picture.size == (page["width"], page["height"])
        return found


def member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as pages:
        return pages.read(name)


def document(path: Path, work: Path, **params: Any) -> tuple[dict[str, Any], Path]:
    return step(path, work, "document", **(PARAMS | params))


def test_a_pdf_gives_pictures_text_and_words(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(letters("Hello world", "Second page"))
    facts, out = document(tmp_path / "a.pdf", tmp_path / "work")
    assert (facts["kind"], facts["format"], facts["pages"], facts["pages_with_text"], codes(facts)) == ("document", "pdf", 2, 2, [])
    assert (out / "text.txt").read_text(encoding="utf-8") == "Hello world\fSecond page"
    first = index(out / "pages.zip")[0]
    assert first == {"image": "0001.webp", "width": 600, "height": 400, "text": "0001.txt", "words": "0001.json"}
    words = json.loads(member(out / "pages.zip", "0001.json"))
    assert [word["text"] for word in words] == ["Hello", "world"]
    with Image.open(io.BytesIO(member(out / "pages.zip", "0001.webp"))) as picture:
        ink = np.asarray(picture.convert("L")) < 128
    rows, columns = np.nonzero(ink)
    left, right = min(w["x"] for w in words), max(w["x"] + w["width"] for w in words)
    top, bottom = min(w["y"] for w in words), max(w["y"] + w["height"] for w in words)
    assert np.abs(np.array([columns.min() - left, columns.max() - right, rows.min() - top, rows.max() - bottom])).max() <= 3


def test_a_turned_page_has_its_words_where_they_are_seen(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(letters("turned", sheet=b"[0 0 300 200]/Rotate 90"))
    facts, out = document(tmp_path / "a.pdf", tmp_path / "work")
    (page,) = index(out / "pages.zip")
    assert (page["width"], page["height"]) == (400, 600)
    (word,) = json.loads(member(out / "pages.zip", "0001.json"))
    with Image.open(io.BytesIO(member(out / "pages.zip", "0001.webp"))) as picture:
        ink = np.asarray(picture.convert("L")) < 128
    rows, columns = np.nonzero(ink)
    assert abs(columns.mean() - word["x"] - word["width"] / 2) < 8
    assert abs(rows.mean() - word["y"] - word["height"] / 2) < 20
    assert facts["errors"]["pages"]["colour_psnr"] > 25


def test_the_longer_side_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(letters("x", sheet=b"[0 0 7200 720]"))
    _, out = document(tmp_path / "a.pdf", tmp_path / "work", side=1000)
    assert [(page["width"], page["height"]) for page in index(out / "pages.zip")] == [(1000, 100)]


def test_a_pdf_without_text_has_none_and_says_so(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.pdf")
    facts, out = document(tmp_path / "a.pdf", tmp_path / "work")
    assert [rendition["role"] for rendition in facts["renditions"]] == ["pages", "thumbnail"]
    assert (codes(facts), facts["pages_with_text"]) == (["document.without-text"], 0)
    assert set(index(out / "pages.zip")[0]) == {"image", "width", "height"}


def test_a_packed_pdf_is_rendered(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(packed(predictor=True))
    assert document(tmp_path / "a.pdf", tmp_path / "work")[0]["pages"] == 1


def test_a_page_that_cannot_be_decoded_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    patches().save(folder / "p1.tif")
    from tests.digitize.corpus.pictures import tiff

    (folder / "p2.tif").write_bytes(tiff(64, 64, compression=5, data=bytes(500)))
    with pytest.raises(Refusal) as caught:
        document(folder, tmp_path / "work")
    assert (caught.value.code, caught.value.at) == ("document.page", "page 2")


def test_other_pages_than_stated_are_refused(tmp_path: Path) -> None:
    from digitize.document import pdf

    (tmp_path / "a.pdf").write_bytes(letters("one", "two"))
    with pytest.raises(Refusal) as caught:
        list(pdf.pages(tmp_path / "a.pdf", 3, dpi=72, side=100))
    assert caught.value.code == "document.count-mismatch"


def test_a_folder_of_pages_with_texts(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in (1, 2, 10):
        patches(seed=number).save(folder / f"page {number}.png")
    patches(seed=3).save(folder / "page 3.tif", save_all=True, append_images=[patches(seed=4)])
    (folder / "page 2.txt").write_text("second", encoding="utf-8")
    (folder / "page 3.txt").write_text("third\ffourth\f", encoding="utf-8")
    (folder / "notes.txt").write_text("not of a page", encoding="utf-8")
    assert [doubt.code for doubt in inspect(folder).doubts] == ["input.files-unused"]
    facts, out = document(folder, tmp_path / "work")
    assert facts["order"] == ["page 1.png", "page 2.png", "page 3.tif", "page 10.png"]
    assert (facts["pages"], facts["pages_with_text"]) == (5, 3)
    assert codes(facts) == ["image.untagged", "document.order-supposed", "document.without-text"]
    assert facts["doubts"][0]["at"] == "page 1 (+4)"
    assert (out / "text.txt").read_text(encoding="utf-8") == "\fsecond\fthird\ffourth\f"
    fourth = np.asarray(Image.open(io.BytesIO(member(out / "pages.zip", "0004.webp")))).astype(int)
    assert np.abs(fourth[8::16, 8::16] - np.asarray(patches(seed=4)).astype(int)[8::16, 8::16]).mean() < 8
    assert facts["errors"]["pages"]["delta_e_mean"] < 6


def test_one_picture_is_one_page_where_that_is_asked_for(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.png")
    result = whole(tmp_path / "a.png", tmp_path / "work", kind="document")
    assert [rendition.role for rendition in result.renditions] == ["pages", "thumbnail", "report"]
    assert result.facts["pages"]["pages"] == 1


def test_the_recipe_runs_locked_in_and_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(letters("Hello world", "Second page"))
    one, two = whole(tmp_path / "a.pdf", tmp_path / "one"), whole(tmp_path / "a.pdf", tmp_path / "two")
    assert [r.role for r in one.renditions] == ["pages", "text", "thumbnail", "report"]
    assert [r.sha256 for r in one.renditions] == [r.sha256 for r in two.renditions]


def test_active_content_is_counted_and_not_run(tmp_path: Path) -> None:
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/Names<</EmbeddedFiles<<>>>>>>"
    (tmp_path / "a.pdf").write_bytes(letters("quiet", catalog=catalog))
    (doubt,) = inspect(tmp_path / "a.pdf").doubts
    assert (doubt.code, doubt.params["names"]) == ("pdf.active-content", "JavaScript (2), EmbeddedFile (1)")
    assert document(tmp_path / "a.pdf", tmp_path / "work")[0]["pages"] == 1


def test_smaller_copies_between_pages_are_not_pages(tmp_path: Path) -> None:
    from digitize.image.decode import vips

    shown = [patches(seed=seed) for seed in (1, 2)]
    stored = [shown[0], shown[0].resize((32, 24)), shown[1], shown[1].resize((32, 24))]
    for number, picture in enumerate(stored):
        vips().Image.new_from_array(np.asarray(picture)).tiffsave(str(tmp_path / f"{number}.tif"))
    first, *rest = [Image.open(tmp_path / f"{number}.tif") for number in range(4)]
    for number, picture in enumerate([first, *rest]):
        picture.encoderinfo = {"tiffinfo": {254: number % 2}}
    first.save(tmp_path / "a.tif", save_all=True, append_images=rest, tiffinfo={254: 0})
    facts, out = document(tmp_path / "a.tif", tmp_path / "work")
    assert (facts["pages"], [doubt.code for doubt in inspect(tmp_path / "a.tif").doubts]) == (2, ["image.copies-left-out"])
    second = np.asarray(Image.open(io.BytesIO(member(out / "pages.zip", "0002.webp")))).astype(int)
    assert np.abs(second[8::16, 8::16] - np.asarray(shown[1]).astype(int)[8::16, 8::16]).mean() < 8


def test_rights_and_places_of_pages(tmp_path: Path) -> None:
    from digitize.image.rights import exif, xmp

    folder = tmp_path / "in"
    folder.mkdir()
    for number, creator in enumerate(("Sun", "Wang")):
        said = {"creator": creator, "copyright": "© museum"}
        patches(seed=number).save(folder / f"p{number}.jpg", exif=exif.write(said), xmp=xmp.write(said))
    place = Image.Exif()
    place.get_ifd(0x8825)[2] = (36.0, 40.0, 0.0)
    patches().save(folder / "p2.jpg", exif=place, xmp=xmp.write({"copyright": "© museum"}))
    facts, out = document(folder, tmp_path / "work")
    assert facts["rights"] == {"copyright": "© museum"}
    assert [(doubt["code"], doubt["at"]) for doubt in facts["doubts"]][:2] == [
        ("image.untagged", "page 1 (+2)"),
        ("image.location", "page 3"),
    ]
    with Image.open(io.BytesIO(member(out / "pages.zip", "0002.webp"))) as page:
        assert xmp.read(page.info["xmp"]) == {"creator": "Wang", "copyright": "© museum"}
    with Image.open(io.BytesIO(member(out / "pages.zip", "0003.webp"))) as page:
        assert (exif.read(page.info["exif"]), exif.located(page.info["exif"])) == ({"copyright": "© museum"}, False)

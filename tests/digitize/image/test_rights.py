# SPDX-License-Identifier: Apache-2.0
"""Rights of a picture: read in three forms, written in two, never with the place."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from digitize.image import rights
from digitize.image.rights import exif, iptc, xmp
from tests.digitize.image.runs import codes, patches, step

FULL = {
    "creator": "孙氏剪纸坊; A. & B. <Studio>",
    "copyright": "© 2024 孙氏剪纸坊",
    "credit": "Photo: “Qilu”",
    "licence": "https://creativecommons.org/licenses/by/4.0/?a=1&b=2",
    "terms": "Name the creator.",
    "date": "2024-05-01T10:20:30",
}


def sets(*values: tuple[int, int, bytes]) -> bytes:
    return b"".join(struct.pack(">BBBH", 0x1C, record, number, len(raw)) + raw for record, number, raw in values)


def photoshop(data: bytes) -> bytes:
    other = b"8BIM" + struct.pack(">H", 0x03ED) + b"\0\0" + struct.pack(">I", 3) + b"abc\0"
    return b"Photoshop 3.0\0" + other + b"8BIM" + struct.pack(">H", 0x0404) + b"\x05hello" + struct.pack(">I", len(data)) + data


def test_what_is_written_is_read_back() -> None:
    assert xmp.read(xmp.write(FULL)) == FULL
    assert exif.read(exif.write(FULL)) == {field: FULL[field] for field in ("creator", "copyright", "date")}
    assert rights.read(rights.written(FULL)) == (FULL, ())


@given(st.dictionaries(st.sampled_from(["creator", "copyright", "credit", "licence", "terms"]), st.text(min_size=1, max_size=60)))
def test_any_words_survive(said: dict[str, str]) -> None:
    clean = {k: " ".join("".join(c if c.isprintable() and c != ";" else " " for c in v).split()) for k, v in said.items()}
    clean = {k: v for k, v in clean.items() if v}
    assert xmp.read(xmp.write(clean)) == clean
    held = {k: v for k, v in clean.items() if k in {"creator", "copyright"}}
    assert exif.read(exif.write(clean)) == held if held else exif.write(clean) == b""


def test_pillow_reads_what_we_write() -> None:
    block = Image.Exif()
    block.load(exif.write(FULL))
    assert (block[315].encode("latin-1").decode(), block.get_ifd(0x8769)[0x9003]) == (FULL["creator"], "2024:05:01 10:20:30")


def test_iptc_in_both_wrappings_and_encodings() -> None:
    values = ((2, 80, "孙氏".encode()), (2, 80, b"Wang"), (2, 116, b"(c) museum"), (2, 110, b"Credit"), (2, 55, b"20240501"))
    expected = {"creator": "孙氏; Wang", "copyright": "(c) museum", "credit": "Credit", "date": "2024-05-01"}
    assert iptc.read(sets((1, 90, b"\x1b%G"), *values)) == expected
    assert iptc.read(photoshop(sets((1, 90, b"\x1b%G"), *values))) == expected
    assert iptc.read(sets((2, 80, "孙氏".encode("gb18030")))) == {"creator": "孙氏"}
    assert iptc.read(photoshop(b"")) == {}


@pytest.mark.parametrize(
    "block", [b"no", b"\x1c", b"\x1c\x02\x50\xff\xff", photoshop(sets((2, 80, b"x")))[:-3], b"Photoshop 3.0\0" + b"8BIM"]
)
def test_unsound_iptc_says_nothing(block: bytes) -> None:
    assert not iptc.read(block)


def test_xmp_as_attributes_and_in_languages() -> None:
    packet = (
        b'<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="C" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b'<dc:rights><rdf:Alt><rdf:li xml:lang="de">Nein</rdf:li><rdf:li xml:lang="x-default">Yes</rdf:li></rdf:Alt></dc:rights>'
        b"</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>\0\0"
    )
    assert xmp.read(packet) == {"credit": "C", "copyright": "Yes"}


@pytest.mark.parametrize(
    "packet",
    [
        b"<a",
        b"<a></b>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 40 + b"</a>" * 40,
        b"<a>" + b"x" * (1 << 20) + b"</a>",
        b"\xff\xfe\x00",
    ],
)
def test_unsound_xmp_cannot_be_read(packet: bytes) -> None:
    assert xmp.read(packet) is None


def test_contradictions_and_places_are_doubted() -> None:
    place = Image.Exif()
    place.get_ifd(0x8825)[2] = (36.0, 40.0, 0.0)
    place[315] = "Wang"
    said, doubts = rights.read({"xmp": xmp.write({"creator": "Sun"}), "exif": place.tobytes(), "iptc": b"no"})
    assert said == {"creator": "Sun"}
    assert [doubt.code for doubt in doubts] == ["image.metadata-unreadable", "image.rights-contradict", "image.location"]


def test_two_ways_to_write_one_thing_are_no_contradiction() -> None:
    _, doubts = rights.read({"xmp": xmp.write({"copyright": "© Sun"}), "iptc": sets((2, 116, b"(c)  Sun"))})
    assert doubts == ()


def test_rights_pass_from_a_picture_to_its_copies(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.jpg", exif=exif.write(FULL), xmp=xmp.write(FULL))
    facts, out = step(tmp_path / "a.jpg", tmp_path / "work")
    assert (facts["rights"], codes(facts)) == (FULL, ["image.untagged"])
    for role in ("image", "thumbnail"):
        with Image.open(out / f"{role}.webp") as copy:
            assert rights.read({"exif": copy.info["exif"], "xmp": copy.info["xmp"]}) == (FULL, ())
    _, out = step(tmp_path / "a.jpg", tmp_path / "tiles", "pyramid")
    with zipfile.ZipFile(out / "pyramid.zip") as pyramid:
        assert xmp.read(pyramid.read("rights.xmp")) == FULL
        assert b"Exif" not in pyramid.read("pyramid_files/7/0_0.jpg")


def test_a_tiff_and_a_jpeg_of_a_newsroom(tmp_path: Path) -> None:
    patches().save(tmp_path / "a.tif", tiffinfo={33723: sets((2, 80, b"Sun")), 33432: "(c) Sun"})
    assert step(tmp_path / "a.tif", tmp_path / "one")[0]["rights"]["creator"] == "Sun"
    stream = io.BytesIO()
    patches().save(stream, "JPEG")
    block = photoshop(sets((2, 80, b"Wang")))
    data = stream.getvalue()
    (tmp_path / "b.jpg").write_bytes(data[:2] + b"\xff\xed" + struct.pack(">H", len(block) + 2) + block + data[2:])
    assert step(tmp_path / "b.jpg", tmp_path / "two")[0]["rights"] == {"creator": "Wang"}

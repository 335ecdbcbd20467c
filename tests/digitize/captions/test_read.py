# SPDX-License-Identifier: Apache-2.0
"""Captions are read strictly, with the line of what is wrong, and written always alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.captions import Captions, read
from digitize.captions.language import language_of
from digitize.captions.model import Cue, clock
from digitize.captions.webvtt import write_webvtt
from digitize.errors import Refusal

VTT = """WEBVTT - 皮影戏
Kind: captions

STYLE
::cue { color: red }

NOTE made by hand

one
00:01.000 --> 00:02.500 align:start line:80%
<v 旁白>济南的<i>冬天</i></v>
<c.yellow>is</c> mild & dry

01:00:00.000 --> 01:00:01.000
last &lt;one&gt; <b>bold
"""
SRT = '1\r\n00:00:01,000 --> 00:00:02,500\r\n{\\an8}<font color="red">红</font>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n<i>two</i>\r\n\r\nlines\r\n'


def parsed(tmp_path: Path, text: str | bytes, name: str = "a.zh.vtt") -> Captions:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(path)


def test_a_webvtt_with_everything(tmp_path: Path) -> None:
    found = parsed(tmp_path, VTT)
    assert found.language == "zh"
    assert found.dropped == {"STYLE": 1, "class": 1}
    assert found.cues == (
        Cue(1000, 2500, ("<v 旁白>济南的<i>冬天</i></v>", "is mild &amp; dry"), "align:start line:80%", 10),
        Cue(3_600_000, 3_601_000, ("last &lt;one&gt; <b>bold",), "", 14),
    )


def test_a_subrip_with_the_habits_of_its_programs(tmp_path: Path) -> None:
    found = parsed(tmp_path, SRT, "film.zh-hans-cn.srt")
    assert [(cue.start, cue.end, cue.lines) for cue in found.cues] == [(1000, 2500, ("红",)), (3000, 4000, ("<i>two</i>", "lines"))]
    assert found.dropped == {"font": 1, "{\\}": 1}
    assert found.language == "zh-Hans-CN"


@pytest.mark.parametrize(("encoding", "told"), [("utf-8-sig", "utf-8"), ("gb18030", "gb18030"), ("utf-16", "utf-16")])
def test_a_subrip_in_other_letters(tmp_path: Path, encoding: str, told: str) -> None:
    found = parsed(tmp_path, SRT.encode(encoding), "a.srt")
    assert (found.cues[0].lines, found.encoding) == (("红",), told)


def test_what_is_written_is_read_as_the_same(tmp_path: Path) -> None:
    for text, name in ((VTT, "a.vtt"), (SRT, "a.srt")):
        found = parsed(tmp_path, text, name)
        again = parsed(tmp_path, write_webvtt(found), "b.vtt")
        assert [(cue.start, cue.end, cue.lines, cue.settings) for cue in again.cues] == [
            (cue.start, cue.end, cue.lines, cue.settings) for cue in found.cues
        ]
        assert write_webvtt(again) == write_webvtt(found)


def test_it_is_written_with_numbers_and_hours(tmp_path: Path) -> None:
    assert write_webvtt(parsed(tmp_path, SRT, "a.srt")) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\n红\n\n2\n00:00:03.000 --> 00:00:04.000\n<i>two</i>\nlines\n"
    )


def test_nothing_that_a_page_could_run_comes_through(tmp_path: Path) -> None:
    evil = 'WEBVTT\n\n00:01.000 --> 00:02.000\n<script>alert(1)</script><img src=x onerror=y> &#60;b&#62; <v "><script>">x\n'
    (line,) = parsed(tmp_path, evil).cues[0].lines
    assert line == 'alert(1) &lt;b&gt; <v ">"&gt;x'


WRONG = [
    ("WEBVT\n", 1),
    ("WEBVTT\n\n00:01.000 -> 00:02.000\nx\n", 3),
    ("WEBVTT\n\n00:01.000-->00:02.000\nx\n", 3),
    ("WEBVTT\n\n00:01,000 --> 00:02.000\nx\n", 3),
    ("WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", 3),
    ("WEBVTT\n\n00:02.000 --> 00:02.000\nx\n", 3),
    ("WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:03.000\ny\n", 6),
    ("WEBVTT\n\n00:01.000 --> 00:02.000 size:wide\nx\n", 3),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:03.000 --> 00:04.000\ny\n", 5),
    ("WEBVTT\n\n00:61.000 --> 00:62.000\nx\n", 3),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\0y\n", 4),
    ("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "x" * 3000 + "\n", 4),
    (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xba\xec\n", 4),
    ("WEBVTT\n\nno time\nat all\n", 3),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str | bytes, line: int) -> None:
    with pytest.raises(Refusal) as caught:
        parsed(tmp_path, text)
    assert (caught.value.code, caught.value.at) == ("captions.invalid", f"line {line}")


@pytest.mark.parametrize(
    ("text", "line"), [("x\n", 1), ("1\n00:00:01,000 --> 00:00:02\nx\n", 2), ("1\n00:00:02,000 --> 00:00:01,000\nx\n", 2)]
)
def test_a_broken_subrip_is_named_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(Refusal) as caught:
        parsed(tmp_path, text, "a.srt")
    assert (caught.value.code, caught.value.at) == ("captions.invalid", f"line {line}")


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nNOTE nothing\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"])
def test_no_captions_are_no_captions(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal) as caught:
        parsed(tmp_path, text)
    assert caught.value.code == "captions.empty"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("film.zh.vtt", "zh"),
        ("film.ZH-hant-tw.srt", "zh-Hant-TW"),
        ("film.chs.srt", "zh-Hans"),
        ("film.en_GB.vtt", "en-GB"),
        ("film.yue.vtt", "yue"),
        ("film.vtt", None),
        ("film.final.vtt", None),
        ("film.v2.vtt", None),
        ("zh.vtt", None),
    ],
)
def test_the_name_says_the_language(name: str, language: str | None) -> None:
    assert language_of(name) == language


@given(st.integers(0, 9999 * 3_600_000))
def test_a_time_is_written_as_it_is_read(milliseconds: int) -> None:
    hours, minutes, seconds = clock(milliseconds).split(":")
    assert (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000) == milliseconds


pieces = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", " ", "-->", " --> ", "00:01.000", "00:00:01,000", "1", "NOTE", "STYLE", "<", ">", "&", "</i>", "<v", "{\\an8}", "\r", "\0", "汉", "\ud83d".encode("utf-8", "replace").decode(), "99", ":", "align:start"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(st.lists(pieces, max_size=30).map("".join), st.text(max_size=100)), vtt=st.booleans(), lead=st.booleans())
def test_whatever_comes_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str, vtt: bool, lead: bool) -> None:
    path = tmp_path_factory.mktemp("any") / ("a.vtt" if vtt else "a.srt")
    path.write_bytes((("WEBVTT\n\n" if vtt else "1\n") * lead + text).encode("utf-8", "surrogatepass"))
    found = answer(path)
    if isinstance(found, str):
        assert found in {"captions.invalid", "captions.empty"}
    else:
        other = path.with_name("b.vtt")
        other.write_text(write_webvtt(found), encoding="utf-8")
        assert [(cue.start, cue.end, cue.lines) for cue in read(other).cues] == [(cue.start, cue.end, cue.lines) for cue in found.cues]


def answer(path: Path) -> Captions | str:
    """Read, or give the refusal's code."""
    try:
        return read(path)
    except Refusal as refusal:
        return refusal.code

# SPDX-License-Identifier: Apache-2.0
"""Canonical JSON, held against another implementation and against itself."""

from __future__ import annotations

import json
import struct
import sys
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.verify import VerifyError, canonical, parse_canonical, parse_json

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(st.none() | st.booleans() | NUMBERS | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


@given(JSON)
def test_equals_the_other_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(JSON)
def test_is_a_fixed_point(value: Any) -> None:
    data = canonical(value)
    assert canonical(parse_canonical(data)) == data


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_double_comes_back(number: float) -> None:
    assert float(canonical(number)) == number


# RFC 8785 appendix B: IEEE 754 bits and their text.
@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_numbers_of_the_rfc(bits: str, text: str) -> None:
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]) == text.encode()


def test_keys_sort_by_utf16() -> None:
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    assert list(json.loads(canonical(value)).values()) == [2, 4, 6, 7, 1, 5, 3]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, 10**400, "\udc00", {1: 2}, {"a": object()}, b"x", {"\ud800": 1}])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(VerifyError):
        canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b"1.0",
        b"1E2",
        b'"\\u0041"',
        b"[1,]",
        b"NaN",
        b"",
        b"\xff",
        b"[" * 100_000,
        b'{"a":1}\n',
        b"9" * 5000,
    ],
)
def test_other_spellings_are_refused(data: bytes) -> None:
    with pytest.raises(VerifyError):
        parse_canonical(data)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, '["' + "[" * 50 + '",' + "[" * 200_000, "[" * 65 + "]" * 65])
def test_depth_is_counted_before_the_parser_runs(text: str) -> None:
    """Raise Python's own limit, as the in-process chain does: the C parser would then end the process."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        with pytest.raises(VerifyError) as caught:
            parse_json(text.encode())
    finally:
        sys.setrecursionlimit(limit)
    assert caught.value.code == "json.depth"


def test_sixty_four_levels_are_read_and_brackets_in_texts_do_not_count() -> None:
    value: Any = "[" * 1000 + '\\"'
    for _ in range(64):
        value = [value]
    assert parse_canonical(canonical(value)) == value
    with pytest.raises(VerifyError):
        canonical([value])


def test_other_encodings_are_not_guessed() -> None:
    with pytest.raises(VerifyError):
        parse_json("[1]".encode("utf-16"))

# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.commitments import commit, opens
from marketplace.errors import MarketplaceError
from marketplace.money import yuan
from marketplace.splits import WHOLE, split


@st.composite
def shares(draw: st.DrawFn) -> dict[str, int]:
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=0, max_size=7)))
    edges = [0, *cuts, WHOLE]
    return {f"party-{number}": high - low for number, (low, high) in enumerate(pairwise(edges))}


@given(st.integers(0, 10**13), shares())
def test_parts_sum_to_the_price(amount: int, by: dict[str, int]) -> None:
    assert sum(split(amount, by).values()) == amount


@given(st.integers(0, 10**13), shares())
def test_no_part_is_a_whole_fen_off(amount: int, by: dict[str, int]) -> None:
    parts = split(amount, by)
    assert [party for party in by if abs(parts[party] - Fraction(amount * by[party], WHOLE)) >= 1] == []


@given(st.integers(0, 10**13), shares())
def test_who_has_no_share_gets_nothing(amount: int, by: dict[str, int]) -> None:
    assert {party for party, share in by.items() if share == 0 and split(amount, by)[party]} == set()


@given(st.integers(0, 10**13), shares(), st.integers(1, 10**6))
def test_a_higher_price_leaves_nobody_with_much_less(amount: int, by: dict[str, int], more: int) -> None:
    before, after = split(amount, by), split(amount + more, by)
    assert [party for party in by if after[party] < before[party] - 1] == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, {"holder": 0, "bearers": 0, "platform": 0}),
        (1, {"holder": 1, "bearers": 0, "platform": 0}),
        (120_001, {"holder": 84_001, "bearers": 24_000, "platform": 12_000}),
        (99, {"holder": 69, "bearers": 20, "platform": 10}),
    ],
)
def test_known_splits(amount: int, expected: dict[str, int]) -> None:
    assert split(amount, {"holder": 7000, "bearers": 2000, "platform": 1000}) == expected


def test_equal_remainders_go_to_whom_is_named_first() -> None:
    assert split(1, {"b": 5000, "a": 5000}) == {"b": 1, "a": 0}


@pytest.mark.parametrize(
    ("amount", "by", "code"),
    [(1, {"a": 9999}, "split.shares"), (1, {"a": 10_001, "b": -1}, "split.shares"), (-1, {"a": WHOLE}, "split.amount")],
)
def test_what_cannot_be_split_is_refused(amount: int, by: dict[str, int], code: str) -> None:
    with pytest.raises(MarketplaceError) as caught:
        split(amount, by)
    assert caught.value.code == code


@pytest.mark.parametrize(("fen", "written"), [(0, "¥0"), (5, "¥0.05"), (120_000, "¥1,200"), (120_050, "¥1,200.50"), (-150, "-¥1.50")])
def test_amounts_are_written_for_people(fen: int, written: str) -> None:
    assert yuan(fen) == written


BODY = {"account": "1", "name": "王"}


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_commitment_opens_to_its_body_and_salt_alone(salt: bytes, other: bytes) -> None:
    commitment = commit(salt, BODY)
    assert opens(commitment, salt, BODY)
    assert opens(commitment, other, BODY) == (salt == other)
    assert not opens(commitment, salt, {**BODY, "name": "李"})

# SPDX-License-Identifier: Apache-2.0
"""Change what stands behind checksums and packing, and make both right again: still an intake or a refusal."""

from __future__ import annotations

import gzip

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitize.errors import Refusal
from digitize.preflight import Intake
from digitize.preflight.cloud.e57.pages import crc32c
from tests.digitize.corpus.clouds import e57, las, laz, paged, spz
from tests.digitize.test_preflight_fuzz import answer, edits, mutate

QUIET = [HealthCheck.too_slow]
_LOGICAL = np.frombuffer(e57(pose="<pose><translation><x>1</x></translation></pose>"), np.uint8).reshape(-1, 1024)[:, :1020].tobytes()


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(changes=edits)
def test_a_changed_e57_with_right_checksums_is_taken_or_refused(changes: list[tuple[str, float, int, bytes]]):
    assert isinstance(answer({"a.e57": paged(mutate(_LOGICAL, changes) or b"\0")}, "a.e57"), Intake | Refusal)


@settings(max_examples=100, deadline=None, suppress_health_check=QUIET)
@given(changes=edits, level=st.integers(0, 9))
def test_a_changed_spz_packed_again_is_taken_or_refused(changes: list[tuple[str, float, int, bytes]], level: int):
    data = gzip.compress(mutate(gzip.decompress(spz(9, version=3, degree=1)), changes), compresslevel=level, mtime=0)
    assert isinstance(answer({"a.spz": data}, "a.spz"), Intake | Refusal)


@settings(max_examples=150, deadline=None, suppress_health_check=QUIET)
@given(place=st.integers(24, 400), values=st.binary(min_size=1, max_size=9), packed=st.booleans())
def test_a_changed_las_header_is_taken_or_refused(place: int, values: bytes, packed: bool):
    data = laz() if packed else las(form=7, version=4, variables=((b"LASF_Projection", 34735, bytes(range(40))),))
    name = "a.laz" if packed else "a.las"
    assert isinstance(answer({name: data[:place] + values + data[place + len(values) :]}, name), Intake | Refusal)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="0123456789.-+eE ,;\t\n#/xyzrgbnai", max_size=200), suffix=st.sampled_from(["xyz", "pts", "asc"]))
def test_any_text_is_taken_or_refused(text: str, suffix: str):
    assert isinstance(answer({f"a.{suffix}": text.encode()}, f"a.{suffix}"), Intake | Refusal)


@given(data=st.binary(min_size=2, max_size=64).filter(lambda data: len(data) % 2 == 0))
def test_the_checksum_is_castagnoli_s(data: bytes):
    def slow() -> int:
        register = 0xFFFFFFFF
        for byte in data:
            register ^= byte
            for _ in range(8):
                register = register >> 1 ^ (0x82F63B78 if register & 1 else 0)
        return register ^ 0xFFFFFFFF

    assert int(crc32c(np.frombuffer(data, np.uint8)[None])[0]) == slow()

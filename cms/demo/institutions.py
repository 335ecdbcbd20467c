# SPDX-License-Identifier: Apache-2.0
"""Fictional institutions that own the demo's assets; their names say that they are examples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Institution:
    """A demo institution; `place` is the slug of its region."""

    slug: str
    name_zh: str
    name_en: str
    place: str


INSTITUTIONS: tuple[Institution, ...] = (
    Institution("demo-museum-rizhao", "示例博物馆（日照）", "Demo Museum (Rizhao)", "rizhao"),
    Institution("demo-museum-qingzhou", "示例博物馆（青州）", "Demo Museum (Qingzhou)", "qingzhou"),
)

# SPDX-License-Identifier: Apache-2.0
"""A digitization report, told to people."""

from guide.panels.measured import role_name
from guide.report.bars import BAR_HEIGHT, BAR_WIDTH, Bar, bars
from guide.report.facts import facts
from guide.report.judged import Verdict, verdict
from guide.report.photographs import PICTURES, PhotoSet, photographs
from guide.report.rendition import summary
from guide.report.said import evidence, loudness, orientation
from guide.report.told import Told, tell

__all__ = [
    "BAR_HEIGHT", "BAR_WIDTH", "PICTURES", "Bar", "PhotoSet", "Told", "Verdict", "bars", "evidence", "facts", "loudness", "orientation",
    "photographs", "role_name", "summary", "tell", "verdict",
]  # fmt: skip

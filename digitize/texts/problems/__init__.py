# SPDX-License-Identifier: Apache-2.0
"""The causes that a refusal names, in Chinese.

The code that finds a fault names its cause in English, as the parameter ``problem``; ``{}`` stands here for what differs from case to case.
A cause that is not ours (a library's own words) stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from digitize.texts.problems.media import MEDIA
from digitize.texts.problems.meshes import MESHES
from digitize.texts.problems.pictures import PICTURES

PROBLEMS: dict[str, str] = {**MESHES, **PICTURES, **MEDIA}
_DEPTH = 3


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Give the causes that hold something of the case, the most telling first."""
    held = sorted((cause for cause in PROBLEMS if "{}" in cause), key=lambda cause: (-len(cause.replace("{}", "")), cause))
    return [(re.compile("(.*?)".join(map(re.escape, cause.split("{}"))), re.DOTALL), PROBLEMS[cause]) for cause in held]


def in_chinese(problem: str, depth: int = 0) -> str:
    """Put a cause into Chinese; what it holds may be a cause itself."""
    if problem in PROBLEMS:
        return PROBLEMS[problem]
    for pattern, words in _patterns() if depth < _DEPTH else ():
        if found := pattern.fullmatch(problem):
            return words.format(*(in_chinese(part, depth + 1) for part in found.groups()))
    return problem

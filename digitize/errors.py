# SPDX-License-Identifier: Apache-2.0
"""What can go wrong in digitizing, and what may be doubted; the words live in ``digitize.messages``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from digitize.words import plain


def _phrase(code: str, language: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Look the words up; the table imports the parts of this room that raise errors, so it is loaded at the first one."""
    from digitize.messages import phrase

    return phrase(code, language, params)


class DigitizeError(Exception):
    """Base of every error of this room: a stable code, words in two languages, and whether retrying helps.

    Parameters
    ----------
    code
        Key of the table in ``digitize.messages``.
    at
        The place in the input, where one is known: ``"face 17"``, ``"byte 812"``, ``"nodes/3"``.
    **params
        What the message's placeholders stand for; plain JSON values.
    """

    retryable = False

    def __init__(self, code: str, *, at: str | None = None, **params: Any) -> None:
        self.code = code
        self.at = None if at is None else plain(at)
        self.params = params
        self.message, self.hint = self.text("en")
        super().__init__(f"{self.message} ({at})" if at else self.message)

    def text(self, language: str) -> tuple[str, str]:
        """Give message and hint in a language (``en`` or ``zh-hans``)."""
        return _phrase(self.code, language, self.params)

    def as_json(self, language: str = "en") -> dict[str, Any]:
        """Give the five public members: code, message, hint, retryable, at."""
        message, hint = self.text(language)
        return {"code": self.code, "message": message, "hint": hint, "retryable": self.retryable, "at": self.at}

    def pack(self) -> dict[str, Any]:
        """Give what another process needs to build this error again."""
        return {"code": self.code, "at": self.at, "params": self.params}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> Self:
        """Build an error again from `pack`; the other process is not trusted, so only plain names pass."""
        params = packed.get("params")
        clean = {str(key): value for key, value in params.items() if key not in _RESERVED} if isinstance(params, Mapping) else {}
        at = packed.get("at")
        return cls(str(packed.get("code")), at=None if at is None else str(at), **clean)


_RESERVED = frozenset({"self", "code", "at", "outcome"})


class Refusal(DigitizeError):  # noqa: N818 - a refusal is an answer, not a fault
    """The input is refused: nothing of it may be stored, and the same bytes will be refused again."""


class StepFailure(DigitizeError):  # noqa: N818 - named for what failed
    """A step crashed, ran into a limit or was killed; `outcome` is what was recorded of it."""

    def __init__(self, code: str, *, outcome: Mapping[str, Any] | None = None, at: str | None = None, **params: Any) -> None:
        self.outcome: dict[str, Any] = dict(outcome or {})
        super().__init__(code, at=at, **params)
        # A full machine or a killed worker may be better next time; a crash on the same bytes will not be.
        self.retryable = code in {"step.killed", "step.wall-time", "step.no-isolation"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something accepted but not certain: it is shown beside the result instead of being passed over."""

    code: str
    at: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Give the doubt in English."""
        return self.text("en")[0]

    def text(self, language: str) -> tuple[str, str]:
        """Give message and hint in a language (``en`` or ``zh-hans``)."""
        return _phrase(self.code, language, self.params)

    def as_json(self) -> dict[str, Any]:
        """Give the doubt as JSON, with its English words for readers without the table."""
        return {"code": self.code, "message": self.message, "at": self.at, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Doubt:
        """Read what `as_json` wrote, or a step's plain ``{"code", "message"}``."""
        from digitize.messages import MESSAGES

        params = data.get("params")
        clean = dict(params) if isinstance(params, Mapping) else {}
        code, at = str(data.get("code")), data.get("at")
        if "message" in data and code not in MESSAGES:
            clean.setdefault("message", str(data["message"]))
        return cls(code, None if at is None else str(at), clean)

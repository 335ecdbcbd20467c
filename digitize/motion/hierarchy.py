# SPDX-License-Identifier: Apache-2.0
"""The first part of a BVH: joints within joints, read without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from digitize.errors import Refusal
from digitize.motion.skeleton import POSITIONS, ROTATIONS, Joint
from digitize.preflight.model import LARGEST, Limits
from digitize.preflight.source import decode

Words = list[bytes]
Token = tuple[int, bytes]
_KNOWN = frozenset((*POSITIONS, *ROTATIONS))
_WORDS_A_JOINT = 64  # names of many words included
_NAME_BYTES = 200


def read_hierarchy(lines: Iterator[tuple[int, Words]], limits: Limits) -> tuple[Joint, ...]:
    """Read everything up to the line MOTION.

    Raises
    ------
    Refusal
        ``bvh.structure``, ``bvh.too-large``.
    """
    parser = _Parser(_tokens(lines, limits), limits)
    return parser.whole()


def _tokens(lines: Iterator[tuple[int, Words]], limits: Limits) -> list[Token]:
    """Gather the words of the hierarchy with their lines; braces are words of their own."""
    found: list[Token] = []
    for number, words in lines:
        if words[0].upper() == b"MOTION":
            return found
        spread = b" ".join(words).replace(b"{", b" { ").replace(b"}", b" } ").split()
        found += [(number, word) for word in spread]
        if len(found) > limits.joints * _WORDS_A_JOINT:
            raise Refusal("bvh.structure", at=f"line {number}", problem="its hierarchy is longer than any skeleton’s")
    raise Refusal("bvh.structure", at=f"line {found[-1][0]}" if found else None, problem="it ends within its hierarchy, before “MOTION”")


class _Parser:
    """Where the reading stands: the next word, and which joints are open."""

    def __init__(self, tokens: list[Token], limits: Limits) -> None:
        self._tokens, self._at, self._limits = tokens, 0, limits
        self._joints: list[Joint] = []
        self._open: list[int] = []
        self._columns = 0

    def whole(self) -> tuple[Joint, ...]:
        """Read all roots and what is below them."""
        self._expect(b"HIERARCHY")
        while self._at < len(self._tokens):
            self._one()
        if self._open:
            raise self._wrong("a brace is never closed")
        if not self._joints:
            raise self._wrong("it has no joints")
        if not self._columns:
            raise self._wrong("its joints have no channels")
        return tuple(self._joints)

    def _one(self) -> None:
        """Read what comes next: a joint, an end site or a closing brace."""
        word = self._next().upper()
        if word == b"}" and self._open:
            self._open.pop()
        elif word == (b"JOINT" if self._open else b"ROOT"):
            self._joint()
        elif word == b"END" and self._open:
            self._end_site()
        else:
            raise self._wrong(f"“{decode(self._tokens[self._at - 1][1])[:40]}” cannot stand here")

    def _joint(self) -> None:
        """Read a joint up to its first child."""
        name = self._name()
        offset, channels = self._body()
        parent = self._open[-1] if self._open else -1
        self._joints.append(Joint(name, parent, offset, channels, self._columns))
        self._columns += len(channels)
        self._open.append(len(self._joints) - 1)
        for what, count, limit in (
            ("joints", len(self._joints), self._limits.joints),
            ("levels", len(self._open), self._limits.joint_depth),
        ):
            if count > limit:
                raise Refusal("bvh.too-large", at=self._line(), count=f"{count} {what}", limit=f"{limit} {what}")

    def _body(self) -> tuple[tuple[float, float, float], tuple[str, ...]]:
        """Read offset and channels, in either order."""
        offset: tuple[float, float, float] | None = None
        channels: tuple[str, ...] | None = None
        while self._peek() in (b"OFFSET", b"CHANNELS"):
            if self._next().upper() == b"OFFSET" and offset is None:
                offset = self._offset()
            elif self._tokens[self._at - 1][1].upper() == b"CHANNELS" and channels is None:
                channels = self._channels()
            else:
                raise self._wrong("a joint states its offset or its channels twice")
        if offset is None:
            raise self._wrong("a joint has no OFFSET")
        return offset, channels or ()

    def _end_site(self) -> None:
        """Read an end site: an offset and nothing else; some writers give it a name."""
        self._name()
        self._expect(b"OFFSET")
        end = self._offset()
        self._expect(b"}")
        joint = self._joints[self._open[-1]]
        self._joints[self._open[-1]] = replace(joint, ends=(*joint.ends, end))
        if sum(len(each.ends) for each in self._joints) > 2 * self._limits.joints:
            raise Refusal("bvh.too-large", at=self._line(), count="end sites", limit=2 * self._limits.joints)

    def _name(self) -> str:
        """Read the words up to the opening brace."""
        start = self._at
        while self._peek() != b"{":
            self._next()
        name = b" ".join(word for _, word in self._tokens[start : self._at])
        self._next()
        if not name or len(name) > _NAME_BYTES:
            raise self._wrong("a joint has no name, or one that is too long")
        return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in decode(name))

    def _offset(self) -> tuple[float, float, float]:
        """Read three numbers."""
        x, y, z = (self._number() for _ in range(3))
        return x, y, z

    def _number(self) -> float:
        """Read one number."""
        word = self._next()
        try:
            value = float(word) if b"_" not in word else float("nan")
        except ValueError:
            raise self._wrong(f"“{decode(word)[:40]}” is no number") from None
        if not abs(value) <= LARGEST:
            raise Refusal("bvh.not-finite", at=self._line(), row=0, values=0, expected=0)
        return value

    def _channels(self) -> tuple[str, ...]:
        """Read a count and as many names, each at most once."""
        word = self._next()
        if word not in (b"0", b"1", b"2", b"3", b"4", b"5", b"6"):
            raise self._wrong("CHANNELS must be a number from 0 to 6")
        names = tuple(self._next().lower().decode("latin-1") for _ in range(int(word)))
        if unknown := [name for name in names if name not in _KNOWN]:
            raise self._wrong(f"“{unknown[0][:40]}” is no channel")
        if len(set(names)) < len(names):
            raise self._wrong("a joint names a channel twice")
        return names

    def _peek(self) -> bytes:
        """Look at the next word, in capitals."""
        if self._at >= len(self._tokens):
            raise self._wrong("it ends within its hierarchy")
        return self._tokens[self._at][1].upper()

    def _next(self) -> bytes:
        """Take the next word."""
        self._peek()
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _expect(self, word: bytes) -> None:
        """Take a word that must come now."""
        if self._at >= len(self._tokens) or self._next().upper() != word:
            raise self._wrong(f"“{word.decode()}” is missing")

    def _line(self) -> str | None:
        """Name the line of the word taken last."""
        return f"line {self._tokens[max(self._at - 1, 0)][0]}" if self._tokens else None

    def _wrong(self, problem: str) -> Refusal:
        return Refusal("bvh.structure", at=self._line(), problem=problem)

# SPDX-License-Identifier: Apache-2.0
"""The demo's users: one of each role, a curator for each institution. Their passwords are made by whoever creates them."""

from __future__ import annotations

from dataclasses import dataclass

from cms.demo.institutions import INSTITUTIONS


@dataclass(frozen=True)
class DemoUser:
    """A demo user; `institution` is a slug, for curators only."""

    name: str
    role: str
    display_zh: str
    display_en: str
    institution: str | None = None


def _curator(number: int) -> DemoUser:
    museum = INSTITUTIONS[number]
    town = museum.place
    return DemoUser(f"curator-{town}", "curator", f"{museum.name_zh}编目员", f"Curator, {museum.name_en}", museum.slug)


USERS: tuple[DemoUser, ...] = (
    DemoUser("administrator", "administrator", "平台管理员", "Administrator"),
    *(_curator(number) for number in range(len(INSTITUTIONS))),
    DemoUser("creator", "creator", "文创设计者", "Creator"),
    DemoUser("supervisor", "supervisor", "监管员", "Supervisor"),
)


def with_passwords(passwords: dict[str, str]) -> tuple[tuple[DemoUser, str], ...]:
    """Pair each user with the password the caller chose for its name.

    Raises
    ------
    KeyError
        Where a user has no password.
    """
    return tuple((user, passwords[user.name]) for user in USERS)

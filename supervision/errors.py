# SPDX-License-Identifier: Apache-2.0
"""What supervision refuses, and why."""

from __future__ import annotations

from django.utils.functional import Promise

from assets.errors import RoomError


class SupervisionError(RoomError):
    """Supervision refuses; pages and the API answer 409 where nothing else is said."""

    def __init__(self, code: str, message: str | Promise, hint: str | Promise = "", *, retryable: bool = False, status: int = 409) -> None:
        super().__init__(code, message, hint, retryable=retryable, status=status)

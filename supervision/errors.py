# SPDX-License-Identifier: Apache-2.0
"""What supervision refuses, and why."""

from __future__ import annotations

from django.utils.functional import Promise


class SupervisionError(Exception):
    """Say what went wrong, what to do, and whether trying again helps.

    Parameters
    ----------
    code
        Stable name of the error for scripts.
    message, hint
        Translated sentences for people.
    retryable
        Whether the same call may succeed later.
    status
        HTTP status with which a page or the API answers.
    """

    def __init__(self, code: str, message: str | Promise, hint: str | Promise = "", *, retryable: bool = False, status: int = 409) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.status = status
        self.at: str | None = None

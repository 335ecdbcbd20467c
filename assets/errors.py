# SPDX-License-Identifier: Apache-2.0
"""What the catalogue refuses, and why; and the form that the rooms above give their own refusals."""

from __future__ import annotations

from django.utils.functional import Promise


class RoomError(Exception):
    """Say what went wrong, what to do, and whether trying again helps.

    Parameters
    ----------
    code
        Stable name of the error for scripts.
    message, hint
        Translated sentences for people.
    retryable
        Whether the same call may succeed later.
    at
        Place in the input, where one is known.
    status
        HTTP status with which a page or the API answers; None where the code decides.
    extra
        Further public members.
    """

    def __init__(
        self,
        code: str,
        message: str | Promise,
        hint: str | Promise = "",
        *,
        retryable: bool = False,
        at: str | None = None,
        status: int | None = None,
        **extra: object,
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable
        self.at = at
        self.status = status
        self.extra = extra


class AssetsError(RoomError):
    """The catalogue refuses."""

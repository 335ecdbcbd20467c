# SPDX-License-Identifier: Apache-2.0
"""The verbs that write to the catalogue. Pages, API and commands call these and nothing else."""

from assets.domain.access import grant_access, open_original, revoke_access
from assets.domain.annotate import (
    annotate,
    annotations_of,
    confirm_annotation,
    describe_annotation,
    move_annotation,
    remove_annotation,
    shift_annotation,
)
from assets.domain.describe import create_asset, set_rights, set_text
from assets.domain.originals import add_renditions, keep_original
from assets.domain.pins import await_pins, settle_pins, standing_pins
from assets.domain.publish import request_publish, seal, withdraw

__all__ = [
    "add_renditions",
    "annotate",
    "annotations_of",
    "await_pins",
    "confirm_annotation",
    "create_asset",
    "describe_annotation",
    "grant_access",
    "keep_original",
    "move_annotation",
    "open_original",
    "remove_annotation",
    "request_publish",
    "revoke_access",
    "seal",
    "set_rights",
    "set_text",
    "settle_pins",
    "shift_annotation",
    "standing_pins",
    "withdraw",
]

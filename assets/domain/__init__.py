# SPDX-License-Identifier: Apache-2.0
"""The verbs that write to the catalogue. Pages, API and commands call these and nothing else."""

from assets.domain.access import grant_access, open_original, revoke_access
from assets.domain.describe import create_asset, set_rights, set_text
from assets.domain.originals import add_renditions, keep_original
from assets.domain.publish import request_publish, seal, withdraw

__all__ = [
    "add_renditions",
    "create_asset",
    "grant_access",
    "keep_original",
    "open_original",
    "request_publish",
    "revoke_access",
    "seal",
    "set_rights",
    "set_text",
    "withdraw",
]

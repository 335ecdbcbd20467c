# SPDX-License-Identifier: Apache-2.0
"""The verbs of uploads and runs."""

from pipelines.domain.declaring import declare
from pipelines.domain.pinning import follow_up, pin_annotation, repin_annotation
from pipelines.domain.runs import claim, execute, retry, sweep
from pipelines.domain.uploads import receive_upload, resume_point

__all__ = [
    "claim",
    "declare",
    "execute",
    "follow_up",
    "pin_annotation",
    "receive_upload",
    "repin_annotation",
    "resume_point",
    "retry",
    "sweep",
]

# SPDX-License-Identifier: Apache-2.0
"""The verbs of uploads and runs."""

from pipelines.domain.declaring import declare
from pipelines.domain.runs import claim, execute, retry, sweep
from pipelines.domain.uploads import receive_upload, resume_point

__all__ = ["claim", "declare", "execute", "receive_upload", "resume_point", "retry", "sweep"]

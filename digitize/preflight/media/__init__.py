# SPDX-License-Identifier: Apache-2.0
"""Sound and film by the structure of their containers: nothing is decoded, every length is checked, the last sound second is known."""

from digitize.preflight.media.aiff import inspect_aiff
from digitize.preflight.media.avi import inspect_avi
from digitize.preflight.media.flac import inspect_flac
from digitize.preflight.media.matroska import inspect_matroska
from digitize.preflight.media.mp3 import inspect_mp3
from digitize.preflight.media.mp4 import inspect_mp4
from digitize.preflight.media.ogg import inspect_ogg

__all__ = ["inspect_aiff", "inspect_avi", "inspect_flac", "inspect_matroska", "inspect_mp3", "inspect_mp4", "inspect_ogg"]

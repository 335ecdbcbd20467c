# SPDX-License-Identifier: Apache-2.0
"""Captions beside a recording: WebVTT and SubRip, read strictly, checked against the sound, written as WebVTT."""

from digitize.captions import align, check
from digitize.captions.model import Captions, Cue
from digitize.captions.read import SUFFIXES, read

__all__ = ["SUFFIXES", "Captions", "Cue", "align", "check", "read"]

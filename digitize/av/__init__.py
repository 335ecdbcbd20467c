# SPDX-License-Identifier: Apache-2.0
"""Sound and film through ffmpeg: commands built by ffmpeg-python, run inside a step's locks, every figure measured on what was decoded."""

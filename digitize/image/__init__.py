# SPDX-License-Identifier: Apache-2.0
"""Pictures: decoded and brought to sRGB, measured against their originals, cut for deep zoom, with their rights."""

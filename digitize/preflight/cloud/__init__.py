# SPDX-License-Identifier: Apache-2.0
"""Pre-flight of point clouds and Gaussian splats: every count, offset and checksum before a library sees the file."""

# SPDX-License-Identifier: Apache-2.0
"""Point clouds: read, cleaned, brought into one frame, given normals, made a surface of, published as points."""

# SPDX-License-Identifier: Apache-2.0
"""Gaussian splats: read from what trainers write, given out as plain records, pictured.

Source: Kerbl et al. 2023 (3D Gaussian splatting); Zwicker et al. 2001 (a splat's footprint in the picture).
"""

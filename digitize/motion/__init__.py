# SPDX-License-Identifier: Apache-2.0
"""Motion capture: a skeleton and how it moves, from BVH to an animated glTF with a measured error."""

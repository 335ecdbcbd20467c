# SPDX-License-Identifier: Apache-2.0
"""Recordings of a small figure, written as BVH."""

from __future__ import annotations

import numpy as np

HIERARCHY = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Spine
  {
    OFFSET 0 20 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Head
    {
      OFFSET 0 30 0
      CHANNELS 3 Yrotation Zrotation Xrotation
      End Site
      {
        OFFSET 0 15 0
      }
    }
    JOINT 左臂
    {
      OFFSET 12 25 0
      CHANNELS 3 Xrotation Yrotation Zrotation
      JOINT LeftHand
      {
        OFFSET 30 0 0
        CHANNELS 1 Zrotation
        End Site
        {
          OFFSET 10 0 2
        }
      }
    }
  }
  JOINT Leg
  {
    OFFSET -8 -5 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT Foot
    {
      OFFSET 0 -80 0
      End Site
      {
        OFFSET 0 0 12
      }
    }
  }
}
"""
WIDTH = 19


def dance(frames: int, seed: int = 1) -> np.ndarray:
    """Smooth curves for all channels: (frames, WIDTH)."""
    random = np.random.default_rng(seed)
    time = np.arange(frames)[:, None] / 60
    pace, phase = random.uniform(0.2, 1.5, WIDTH), random.uniform(0, 6, WIDTH)
    values = 40 * np.sin(2 * np.pi * pace * time + phase)
    values[:, 1] = 95 + 3 * np.sin(7 * time[:, 0])
    return values


def bvh(values: np.ndarray, *, hierarchy: str = HIERARCHY, frame_time: float = 1 / 60, frames: int | None = None) -> bytes:
    """Write a recording."""
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in values)
    head = f"MOTION\nFrames: {len(values) if frames is None else frames}\nFrame Time: {frame_time:.8f}\n"
    return (hierarchy + head + rows + "\n").encode()

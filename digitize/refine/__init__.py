# SPDX-License-Identifier: Apache-2.0
"""After simplification: flip edges and move vertices so that the original's points fit best in the sense of least squares."""

from digitize.refine.mend import has_fins, without_fins
from digitize.refine.mesh import POINTS_A_TRIANGLE, Refined, refine
from digitize.refine.patch import spots
from digitize.refine.target import Target, target

__all__ = ["POINTS_A_TRIANGLE", "Refined", "Target", "has_fins", "refine", "spots", "target", "without_fins"]

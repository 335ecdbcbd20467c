# SPDX-License-Identifier: Apache-2.0
"""After simplification: flip edges and move vertices so that the original's points fit best in the sense of least squares."""

from digitize.refine.mend import has_fins, without_fins
from digitize.refine.mesh import Refined, refine
from digitize.refine.target import Target, target

__all__ = ["Refined", "Target", "has_fins", "refine", "target", "without_fins"]

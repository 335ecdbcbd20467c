# SPDX-License-Identifier: Apache-2.0
"""Look at a file in pure Python before any C++ library sees it: sizes against lengths, counts against budgets, indices in range."""

from digitize.preflight.intake import inspect, prepare
from digitize.preflight.model import Findings, Intake, Limits

__all__ = ["Findings", "Intake", "Limits", "inspect", "prepare"]

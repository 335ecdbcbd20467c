# SPDX-License-Identifier: Apache-2.0
"""Run a recipe over a source: steps in order, each sandboxed, finished ones kept.

``work/`` after a run::

    report.json                 everything below, for machines
    01-normalise/outcome.json   how the step ended: state, facts, files with sizes and SHA-256, isolation, cost
    01-normalise/out/…          its files, which later steps read
    01-normalise/log.txt        what it printed

What a step may put into its facts for the runner:

- ``renditions``: list of ``{"role", "media_type", "path" (relative to its out folder), "triangles"?, "error"?, …}``;
  further members become the rendition's facts;
- ``errors``: ``{role: error}`` and ``rendition_facts``: ``{role: facts}``, joined to renditions of any step;
- ``timings``: ``{role: CPU seconds}``, what it spent on single renditions (`digitize.steps.timing`); returned only, never
  written into a file of the step, for it differs each time;
- ``doubts``: list of ``{"code", "at"?, "params"?}`` (words from ``digitize.messages``) or ``{"code", "message"}``.
"""

from digitize.errors import Doubt
from digitize.runner.model import Event, Rendition, Result, StepOutcome
from digitize.runner.run import lay_recipe, run_recipe
from digitize.sandbox.limits import StepLimits

__all__ = ["Doubt", "Event", "Rendition", "Result", "StepLimits", "StepOutcome", "lay_recipe", "run_recipe"]

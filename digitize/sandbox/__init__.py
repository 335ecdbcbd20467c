# SPDX-License-Identifier: Apache-2.0
"""Run a step in a fresh, limited process that cannot leave its folder."""

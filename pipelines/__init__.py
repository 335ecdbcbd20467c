# SPDX-License-Identifier: Apache-2.0
"""Uploads, recipes, runs and the worker."""

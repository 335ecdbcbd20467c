# SPDX-License-Identifier: Apache-2.0
"""Texts of the pre-flight."""

PREFLIGHT: dict[str, dict[str, tuple[str, str]]] = {}

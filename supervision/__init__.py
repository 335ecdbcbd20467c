# SPDX-License-Identifier: Apache-2.0
"""Supervision: audit trails with proof status."""

# SPDX-License-Identifier: Apache-2.0
"""The peer of the page benchmark: Wagtail as it comes, with its welcome page and SQLite."""

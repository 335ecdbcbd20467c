# SPDX-License-Identifier: Apache-2.0
"""The Django and Wagtail project: settings, addresses, pages, the curator's admin, the demo."""

# SPDX-License-Identifier: Apache-2.0
"""The curator's admin: Wagtail in our hand, where a curator meets only what belongs to the own institution."""

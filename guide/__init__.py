# SPDX-License-Identifier: Apache-2.0
"""The visitor guide: public pages of assets, lists, the map."""

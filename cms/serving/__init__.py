# SPDX-License-Identifier: Apache-2.0
"""Starting the site's processes together and ending them together."""

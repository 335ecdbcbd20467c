# SPDX-License-Identifier: Apache-2.0
"""What was promised in numbers, measured with a peer beside us in the same run. `manage.py bench NAME` runs a module of this folder."""

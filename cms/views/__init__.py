# SPDX-License-Identifier: Apache-2.0
"""Pages that are composed of several rooms, and those that belong to none."""

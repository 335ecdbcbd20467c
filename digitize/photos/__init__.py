# SPDX-License-Identifier: Apache-2.0
"""Sets of photographs of one object: is each sharp and well exposed, do they overlap, what is missing."""

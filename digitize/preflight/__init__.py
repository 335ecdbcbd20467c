# SPDX-License-Identifier: Apache-2.0
"""Look at a file in pure Python before any C++ library sees it."""

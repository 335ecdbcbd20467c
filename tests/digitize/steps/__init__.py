# SPDX-License-Identifier: Apache-2.0
"""Steps for the tests of the runner and the sandbox."""

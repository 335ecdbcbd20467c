# SPDX-License-Identifier: Apache-2.0
"""From a bare Python to a running environment; standard library only, because nothing else is there yet."""

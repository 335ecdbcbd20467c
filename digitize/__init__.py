# SPDX-License-Identifier: Apache-2.0
"""Plain processing of files into measured derivatives; no Django in it."""

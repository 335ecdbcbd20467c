# SPDX-License-Identifier: Apache-2.0
"""The catalogue: assets, versions, files, rights, places, stores, packages."""

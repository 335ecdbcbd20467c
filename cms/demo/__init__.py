# SPDX-License-Identifier: Apache-2.0
"""The demo's content: seeded generators of synthetic relics and the records that describe them. The generators know no Django."""

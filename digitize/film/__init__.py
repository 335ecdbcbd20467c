# SPDX-License-Identifier: Apache-2.0
"""Film: looked through once, kept without loss, encoded for access, streamed as a ladder, measured."""

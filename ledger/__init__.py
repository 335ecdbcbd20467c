# SPDX-License-Identifier: Apache-2.0
"""The log: entries, proofs, checkpoints, witnesses, anchors, the verifier."""

# SPDX-License-Identifier: Apache-2.0
"""New maps for a level of detail: unwrap it, look every texel up on the original surface, keep what measures better."""

# SPDX-License-Identifier: Apache-2.0
"""How far a derivative lies from the original, in shape and in colour; measured on the file that is given out."""

# SPDX-License-Identifier: Apache-2.0
"""The tables behind ``digitize.messages``, by the part of the room that speaks."""

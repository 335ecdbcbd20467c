# SPDX-License-Identifier: Apache-2.0
"""Places on an object's surface that annotations hang on, and how they are carried to another level or a later scan.

`anchor` makes one, `place` makes one of what somebody pointed at; `carry` finds it again on another mesh, or says why it cannot. For a later scan `register` first finds
how the one lies in the other.
"""

from digitize.anchors.anchor import Anchor, anchor
from digitize.anchors.carry import Carried, Limits, Lost, belongs, carry
from digitize.anchors.place import in_file, place
from digitize.anchors.register import Registration, register

__all__ = ["Anchor", "Carried", "Limits", "Lost", "Registration", "anchor", "belongs", "carry", "in_file", "place", "register"]

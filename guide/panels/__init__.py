# SPDX-License-Identifier: Apache-2.0
"""The parts of an asset's page; `cms` composes the page of them and of what other rooms offer."""

from guide.panels.card import Card, card
from guide.panels.downloads import Download, downloads
from guide.panels.facts import Fact, facts
from guide.panels.measured import Measured, measured
from guide.panels.near import near
from guide.panels.notes import Note, Notes, notes
from guide.panels.proof import Proof, proof
from guide.panels.sound import Sound, sounds
from guide.panels.stage import Stage, stage

__all__ = [
    "Card",
    "Download",
    "Fact",
    "Measured",
    "Note",
    "Notes",
    "Proof",
    "Sound",
    "Stage",
    "card",
    "downloads",
    "facts",
    "measured",
    "near",
    "notes",
    "proof",
    "sounds",
    "stage",
]

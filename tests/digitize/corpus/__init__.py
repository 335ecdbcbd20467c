# SPDX-License-Identifier: Apache-2.0
"""A corpus of hostile and broken inputs, each with the refusal it must get, and of odd but sound ones.

Everything is generated; a case is a folder of its own and the path in it that is given to the pre-flight.
"""

from tests.digitize.corpus.archives import ARCHIVES
from tests.digitize.corpus.case import Case
from tests.digitize.corpus.clouds import CLOUDS, SOUND_CLOUDS
from tests.digitize.corpus.costly import COSTLY, COSTLY_SOUND
from tests.digitize.corpus.documents import DOCUMENTS, SOUND_DOCUMENTS
from tests.digitize.corpus.exchange import EXCHANGE, EXCHANGE_SOUND
from tests.digitize.corpus.films import FILMS, SOUND_FILMS
from tests.digitize.corpus.gltfs import GLTFS
from tests.digitize.corpus.media import MEDIA
from tests.digitize.corpus.meshes import MESHES
from tests.digitize.corpus.motions import MOTIONS, SOUND_MOTIONS
from tests.digitize.corpus.packed import PACKED, PACKED_SOUND
from tests.digitize.corpus.photosets import PHOTOSETS
from tests.digitize.corpus.pictures import PICTURES, SOUND_PICTURES
from tests.digitize.corpus.scales import SCALES, SOUND_SCALES
from tests.digitize.corpus.sound_ones import SOUND as ODD

HOSTILE: tuple[Case, ...] = (
    *MESHES,
    *EXCHANGE,
    *GLTFS,
    *PACKED,
    *MEDIA,
    *ARCHIVES,
    *MOTIONS,
    *PHOTOSETS,
    *PICTURES,
    *DOCUMENTS,
    *FILMS,
    *CLOUDS,
    *SCALES,
    *COSTLY,
)
SOUND: tuple[Case, ...] = (
    *ODD,
    *EXCHANGE_SOUND,
    *PACKED_SOUND,
    *SOUND_MOTIONS,
    *SOUND_PICTURES,
    *SOUND_DOCUMENTS,
    *SOUND_FILMS,
    *SOUND_CLOUDS,
    *SOUND_SCALES,
    *COSTLY_SOUND,
)

__all__ = ["HOSTILE", "SOUND", "Case"]

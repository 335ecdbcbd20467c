# SPDX-License-Identifier: Apache-2.0
"""Static files, collected only when a source of them changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect the static files; give whether anything had to be done."""
    stamp = Path(settings.STATIC_ROOT) / ".qilu-sources"
    now = _sources()
    if stamp.is_file() and stamp.read_text() == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)
    return True


def _sources() -> str:
    """Hash name, size and time of every static file that an application offers."""
    total = hashlib.sha256()
    for line in sorted(_files()):
        total.update(line.encode())
    return total.hexdigest()


def _files() -> Iterator[str]:
    """Name every static file with its size and time."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            yield f"{getattr(storage, 'prefix', '')}/{path} {found.st_size} {found.st_mtime_ns}\n"

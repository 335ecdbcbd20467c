# SPDX-License-Identifier: Apache-2.0
"""What is published outlives the database."""

from __future__ import annotations

import shutil

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from assets import domain, queries, stores
from assets.audit import as_json, audit
from assets.models import Asset, File, Version
from assets.rebuild import rebuild
from ledger import sequencer
from tests.cast import digitized, publish

pytestmark = pytest.mark.django_db(transaction=True)


def forget_everything() -> None:
    """Empty every table, as a lost database would be."""
    call_command("flush", interactive=False, verbosity=0)


def test_a_lost_database_is_rebuilt_from_files_alone(published_asset, institution):
    gone = digitized(institution, "已撤下的石刻", content=b"ply\ngone\n")
    publish(gone)
    domain.withdraw(asset=Asset.objects.get(pk=gone.pk), user=None, reason="")
    domain.set_text(asset=published_asset, language="en", title="Cup, second version")
    publish(Asset.objects.get(pk=published_asset.pk))
    sequencer.sequence()
    before = {version.pk: (version.cid, version.record, version.number) for version in Version.objects.all()}
    forget_everything()
    shutil.rmtree(settings.STORE_DIR)
    shutil.rmtree(settings.DATA_DIR / "search", ignore_errors=True)
    assert rebuild()["versions"] == 3
    assert {version.pk: (version.cid, version.record, version.number) for version in Version.objects.all()} == before
    assert queries.published(published_asset.pk).title("en") == "Cup, second version"
    assert queries.published(gone.pk).withdrawn
    assert [one.asset for one in queries.published_list(text="eggshell").items] == []
    assert [one.asset for one in queries.published_list(text="second version").items] == [published_asset.pk]
    assert queries.public_file(queries.published(published_asset.pk).rendition("lod-0")["cid"]).role == "lod-0"
    assert as_json(audit())["findings"] == []
    assert rebuild() == {"entries": 0, "versions": 0, "indexed": 1}


def test_what_was_declared_of_an_original_comes_back_from_the_log(institution):
    asset = digitized(institution)
    made = [
        {
            "role": "thumbnail",
            "media_type": "image/webp",
            "digest": stores.default().put(b"again"),
            "triangles": None,
            "error": None,
            "facts": {},
        }
    ]
    with transaction.atomic():
        domain.add_renditions(
            file=asset.files.get(), made=made, facts={"run": "later", "recipe": "mesh", "version": 1, "declared": {"unit": "mm", "up": "z"}}
        )
    publish(asset)
    sequencer.sequence()
    forget_everything()
    rebuild()
    assert [file.declared for file in File.objects.all()] == [{"unit": "mm", "up": "z"}]

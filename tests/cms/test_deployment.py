# SPDX-License-Identifier: Apache-2.0
"""Behind TLS the site satisfies Django's own deployment check, and its answers carry the headers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from assets.models import Asset
from tests.commands import ROOT


def test_django_finds_nothing_to_mend_behind_tls(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "QILU_SECRET_KEY")}
    environment = {**kept, "QILU_DATA": str(tmp_path), "QILU_HTTPS": "1", "QILU_HOSTS": "museum.example"}
    words = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db(transaction=True)
def test_every_page_carries_the_headers(stranger: Client, published_asset: Asset) -> None:
    response = stranger.get(f"/en/assets/{published_asset.pk}/")
    assert response.status_code == 200
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"].split("script-src")[1].split(";")[0]

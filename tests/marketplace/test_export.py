# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assets.models import User
from ledger import policy
from marketplace import domain, export, queries
from marketplace.models import Licence, Offer
from tests.cast import client_of

pytestmark = pytest.mark.django_db(transaction=True)


def verified(bundle: Path, folder: Path) -> dict[str, Any]:
    """Run the stand-alone verifier over a bundle with the site's policy."""
    keys = folder / "policy.json"
    keys.write_text(json.dumps(policy.make()))
    program = folder / "verify.py"
    with zipfile.ZipFile(bundle) as archive:
        program.write_bytes(archive.read("verify.py"))
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(bundle), "--policy", str(keys), "--json"], capture_output=True, check=False, timeout=60
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return {"exit": done.returncode, "codes": [one["code"] for one in said["findings"]], "cid": said["cid"]}


def test_a_receipt_verifies_offline_and_after_revocation_says_so(
    offer: Offer, buy: Callable[..., Licence], people: dict[str, User], tmp_path: Path
) -> None:
    licence = buy(offer)
    assert queries.witnessed(licence) is None
    before = tmp_path / "before.zip"
    export.write(before, licence)
    assert verified(before, tmp_path) == {"exit": 0, "codes": [], "cid": licence.receipt_cid}
    assert queries.witnessed(licence) is not None
    revoked = domain.revoke(licence=licence, user=people["curator"], reason="breach")
    after = tmp_path / "after.zip"
    export.write(after, revoked)
    assert verified(after, tmp_path) == {"exit": 1, "codes": ["licence.revoked"], "cid": licence.receipt_cid}


def test_the_page_hands_out_the_bundle(offer: Offer, buy: Callable[..., Licence], people: dict[str, User]) -> None:
    licence = buy(offer)
    answer = client_of(people["creator"]).get(f"/zh-hans/licences/{licence.pk}/receipt.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        receipt = json.loads(archive.read("package/data/receipt.json"))
    assert (receipt["licence"], answer["Content-Type"]) == (str(licence.pk), "application/zip")

# SPDX-License-Identifier: Apache-2.0
"""The licence receipt: a deterministic package that says everything about a grant except who the licensee is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

import rfc8785
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from assets import packages
from marketplace.calendar import add_months
from marketplace.commitments import commit
from marketplace.enums import Party
from marketplace.models import Licence, Order
from marketplace.money import yuan

SCHEMA = "qilu.licence-receipt/1"
SCHEME = "sha256(salt || RFC 8785 JSON of {account, name})"


@dataclass(frozen=True)
class Receipt:
    """A sealed receipt: the package's CID and what was written into it."""

    cid: str
    body: dict[str, Any]
    starts_on: date
    ends_on: date
    commitment: str


def term(order: Order) -> tuple[date, date]:
    """Give the first day of an order's licence and the first day after it, in the site's time zone."""
    assert order.paid_at is not None
    start = timezone.localdate(order.paid_at)
    return start, add_months(start, order.offer.term_months)


def licensee(order: Order) -> dict[str, str]:
    """Give what the commitment in the receipt opens to."""
    return {"account": str(order.user_id), "name": order.user.get_full_name() or order.user.username}


def seal(order: Order) -> Receipt:
    """Write the receipt's package of a paid order; the same order gives the same CID. Not to be called inside a transaction."""
    starts_on, ends_on = term(order)
    commitment = commit(bytes.fromhex(order.licensee_salt), licensee(order))
    body = _body(order, starts_on, ends_on, commitment)
    payload = {
        "receipt.json": rfc8785.dumps(body),
        "receipt.html": render_to_string("marketplace/receipt/receipt.html", _sheet(order, body)).encode(),
        "terms.zh-hans.txt": order.offer.terms_zh.encode(),
        "terms.en.txt": order.offer.terms_en.encode(),
    }
    info = {"External-Identifier": f"urn:uuid:{order.licence_id}", "Source-Organization": body["asset"]["institution"]["name"]["en"]}
    return Receipt(packages.keep_bag(payload=payload, withheld={}, info=info, day=starts_on), body, starts_on, ends_on, commitment)


def package(licence: Licence) -> Path:
    """Give the folder of a licence's receipt."""
    return packages.path(licence.receipt_cid)


def _body(order: Order, starts_on: date, ends_on: date, commitment: str) -> dict[str, Any]:
    """Compose receipt.json."""
    assert order.paid_at is not None
    return {
        "schema": SCHEMA,
        "licence": str(order.licence_id),
        "order": str(order.pk),
        "issued_at": order.paid_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "page": f"{settings.BASE_URL}/licences/{order.licence_id}/",
        "asset": _asset(order),
        "licensee": {"commitment": commitment, "scheme": SCHEME},
        "scope": {**order.offer.scope, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()},
        "price": _price(order),
        "terms": {"zh-hans": "terms.zh-hans.txt", "en": "terms.en.txt"},
    }


def _sheet(order: Order, body: dict[str, Any]) -> dict[str, Any]:
    """Prepare the printable sheet: every value twice, in Chinese and in English."""
    asset = body["asset"]
    columns = []
    for language in ("zh-hans", "en"):
        with override(language):
            columns.append(
                {
                    "language": "zh-Hans" if language == "zh-hans" else language,
                    "chinese": language == "zh-hans",
                    "title": asset["title"].get(language) or next(iter(asset["title"].values())),
                    "institution": asset["institution"]["name"][language],
                    "holder": asset["rights"]["holder"][language] if asset["rights"] else "",
                    "use": order.offer.get_use_display(),
                    "medium": order.offer.get_medium_display(),
                    "territory": order.offer.get_territory_display(),
                    "exclusivity": order.offer.get_exclusivity_display(),
                    "split": [(Party(line["party"]).label, yuan(line["amount_fen"])) for line in body["price"]["split"]],
                    "terms": order.offer.terms,
                }
            )
    return {"receipt": body, "columns": columns, "price": yuan(order.amount_fen)}


def _asset(order: Order) -> dict[str, Any]:
    """Name the version that is licensed, as its own record names it."""
    record = order.version.record
    return {
        "asset": record["asset"],
        "version": str(order.version_id),
        "number": order.version.number,
        "cid": order.version.cid,
        "title": {language: texts["title"] for language, texts in record["texts"].items()},
        "institution": record["institution"],
        "rights": record["rights"],
        "synthetic": record["synthetic"],
        "originals": [{name: one[name] for name in ("name", "cid", "sha256", "bytes")} for one in record["originals"]],
    }


def _price(order: Order) -> dict[str, Any]:
    """Say what was paid and who shares in it."""
    lines = [{"party": line.party, "basis_points": line.basis_points, "amount_fen": line.amount_fen} for line in order.split.all()]
    return {"amount_fen": order.amount_fen, "currency": order.offer.currency, "split": lines}

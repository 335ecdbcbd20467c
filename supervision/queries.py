# SPDX-License-Identifier: Apache-2.0
"""Named reads over the log and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from assets.models import Version
from assets.queries import Published, published
from ledger import queries as log
from ledger.enums import ProofState
from ledger.models import Anchor, Checkpoint, Entry
from marketplace import queries as market
from marketplace.models import Licence
from supervision.models import AuditRun

MOST_HITS = 50


@dataclass(frozen=True)
class Hit:
    """Something that a search found."""

    kind: str
    id: UUID
    version: Published | None


@dataclass(frozen=True)
class Step:
    """One step of a trail with every stage its proof has reached."""

    item: log.TrailItem
    numbered: bool
    witnessed: bool
    anchored: bool
    ephemeral: bool


@dataclass(frozen=True)
class Overview:
    """The state of the log at a glance."""

    entries: int
    waiting: int
    checkpoint: Checkpoint | None
    fresh_until: datetime | None
    anchor: Anchor | None
    failed_anchor: Anchor | None
    audit: AuditRun | None

    @property
    def fresh(self) -> bool:
        """Tell whether the newest cosignature is younger than the policy's greatest age."""
        return self.fresh_until is not None and timezone.now() < self.fresh_until


def overview() -> Overview:
    """Give the log's size, its head, how fresh the witness is, the last anchor and the last audit."""
    newest = log.checkpoint()
    return Overview(
        entries=Entry.objects.count(),
        waiting=Entry.objects.filter(index=None).count(),
        checkpoint=newest,
        fresh_until=newest.time + timedelta(seconds=settings.QILU["QILU_POLICY_MAX_AGE"]) if newest else None,
        anchor=Anchor.objects.filter(error="").last(),
        failed_anchor=_last_failure(),
        audit=AuditRun.objects.first(),
    )


def _last_failure() -> Anchor | None:
    """Give the newest attempt to anchor, where it failed."""
    newest: Anchor | None = Anchor.objects.last()
    return newest if newest and newest.error else None


def steps(subject_kind: str, subject_id: UUID) -> list[Step]:
    """List what the log says about a subject, the newest first, with how far each proof reaches; four queries."""
    fleeting = Anchor.objects.filter(error="", ephemeral=True).aggregate(size=Max("size"))["size"] or 0
    return [_step(item, fleeting) for item in reversed(log.trail(subject_kind, subject_id))]


def _step(item: log.TrailItem, fleeting: int) -> Step:
    """Tell the stages of one proof apart."""
    numbered = item.index is not None
    return Step(
        item=item,
        numbered=numbered,
        witnessed=item.checkpoint is not None and numbered,
        anchored=item.state == ProofState.ANCHORED,
        ephemeral=item.index is not None and item.index < fleeting,
    )


def search(text: str) -> list[Hit]:
    """Find assets and licences by title, number (UUID) or CID; drafts that were never published are found by number only."""
    words = text.strip()
    if not words:
        return []
    try:
        return _by_number(UUID(words))
    except ValueError:
        pass
    return _by_cid(words) or _by_title(words)


def _by_number(number: UUID) -> list[Hit]:
    """Find what a UUID names: an asset, a licence, a version, or an entry's subject."""
    licence = market.licence(number)
    if licence is not None:
        return [_licence_hit(licence)]
    version = Version.objects.filter(pk=number).first()
    entry = Entry.objects.filter(uuid=number, subject_kind__in=("asset", "licence")).first()
    if entry is not None and entry.subject_id != str(number):
        return _by_number(UUID(entry.subject_id))
    asset = version.asset_id if version else number
    known = Entry.objects.filter(subject_kind="asset", subject_id=str(asset)).exists()
    return [Hit("asset", asset, published(asset))] if known else []


def _by_cid(cid: str) -> list[Hit]:
    """Find what a CID names: a version's package, a licence's receipt, or a file that an entry is about."""
    licence = Licence.objects.filter(receipt_cid=cid).select_related("version").first()
    if licence is not None:
        return [_licence_hit(licence)]
    subjects = Entry.objects.filter(digest=cid, subject_kind="asset").order_by("subject_id").values_list("subject_id", flat=True).distinct()
    return [Hit("asset", UUID(subject), published(subject)) for subject in subjects[:MOST_HITS]]


def _by_title(words: str) -> list[Hit]:
    """Find published assets, withdrawn ones too, by a part of their title in either language."""
    titles = Q(**{"record__texts__zh-hans__title__icontains": words}) | Q(record__texts__en__title__icontains=words)
    found = Version.objects.filter(titles).order_by("asset_id").values_list("asset_id", flat=True).distinct()[:MOST_HITS]
    return [Hit("asset", asset, published(asset)) for asset in found]


def _licence_hit(licence: Licence) -> Hit:
    """Describe a licence as a hit."""
    return Hit("licence", licence.pk, published(licence.asset_id))

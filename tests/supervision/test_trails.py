# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from assets import domain as catalogue
from assets.models import Asset, User
from ledger.enums import Kind
from ledger.models import Anchor, Entry
from ledger.sequencer import sequence
from ledger.verify import leaf_hash, verify_inclusion
from marketplace import domain as market
from marketplace.models import Licence
from supervision import domain, present, queries
from supervision.errors import SupervisionError
from supervision.models import AuditRun
from tests.cast import client_of

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("visitor", "curator", "other_curator", "creator")


def looks() -> list[tuple[str, str]]:
    rows = Entry.objects.filter(kind="supervise.inspect").order_by("pk")
    return [(entry.subject_kind, entry.facts["view"]) for entry in rows]


def texts(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def addresses(licence: Licence) -> list[str]:
    return [
        "/en/supervision/",
        "/en/supervision/?q=cup",
        f"/en/supervision/assets/{licence.asset_id}/",
        f"/en/supervision/licences/{licence.pk}/",
        f"/en/supervision/entries/{licence.entry}/",
        f"/en/supervision/entries/{licence.entry}/proof",
    ]


def test_everyone_else_finds_nothing_and_leaves_no_trace(request: pytest.FixtureRequest, licence: Licence) -> None:
    clients = [Client(), *(client_of(request.getfixturevalue(role)) for role in ROLES)]
    answers = {client.get(address).status_code for client in clients for address in addresses(licence)}
    assert (answers, looks()) == ({404}, [])
    assert {client.post("/en/supervision/audit/").status_code for client in clients} == {404}
    assert (AuditRun.objects.count(), looks()) == (0, [])


def test_every_look_is_an_entry(licence: Licence, supervisor: User) -> None:
    sequence()
    client = client_of(supervisor)
    assert {client.get(address).status_code for address in addresses(licence)} == {200}
    assert looks() == [
        ("log", "overview"),
        ("log", "search"),
        ("asset", "trail"),
        ("licence", "trail"),
        ("licence", "proof"),
        ("licence", "proof"),
    ]


def test_the_log_does_not_say_who_looked_or_for_what(licence: Licence, supervisor: User) -> None:
    client_of(supervisor).get("/en/supervision/?q=secret words")
    entry = Entry.objects.get(kind="supervise.inspect")
    assert entry.facts == {"view": "search", "role": "supervisor", "results": 0}
    assert [word in entry.leaf for word in (str(supervisor.pk).encode(), b"secret")] == [False, False]
    assert "secret words" in entry.private_body.body


@pytest.mark.parametrize("role", ROLES)
def test_the_verb_itself_refuses_everyone_else(request: pytest.FixtureRequest, db: None, role: str) -> None:
    with pytest.raises(SupervisionError) as caught:
        domain.inspect(user=request.getfixturevalue(role), subject_kind="log", subject_id="log", view="overview")
    assert (caught.value.code, caught.value.status, looks()) == ("supervision.not-found", 404, [])


def test_an_assets_trail_tells_its_life_newest_first(licence: Licence, supervisor: User) -> None:
    page = client_of(supervisor).get(f"/en/supervision/assets/{licence.asset_id}/?looks=0")
    assert re.findall(r"<h3>([^<]+)</h3>", page.content.decode()) == [
        "Access granted",
        "Version published",
        "Digitized",
        "Original received",
    ]
    assert "Eggshell cup" in texts(page)
    assert str(licence.pk)[:12] in page.content.decode()


def test_a_licences_trail_shows_its_end(licence: Licence, supervisor: User, curator: User) -> None:
    market.revoke(licence=licence, user=curator, reason="breach")
    page = client_of(supervisor).get(f"/en/supervision/licences/{licence.pk}/?looks=0")
    assert re.findall(r"<h3>([^<]+)</h3>", page.content.decode()) == ["Licence revoked", "Licence granted"]
    assert [word in texts(page) for word in ("Revoked", "Curator", "Terms were broken")] == [True] * 3


def test_a_proof_reaches_as_far_as_it_says(licence: Licence, supervisor: User) -> None:
    def stages() -> set[tuple[bool, bool, bool, bool]]:
        return {(one.numbered, one.witnessed, one.anchored, one.ephemeral) for one in queries.steps("licence", licence.pk)}

    assert stages() == {(False, False, False, False)}
    head = sequence()
    assert head is not None
    assert stages() == {(True, True, False, False)}
    fields: dict[str, Any] = {"size": head.size, "root": head.root, "chain": "default", "time": head.time}
    Anchor.objects.create(**fields, ephemeral=True)
    assert stages() == {(True, True, False, True)}
    Anchor.objects.create(**fields, ephemeral=False)
    assert stages() == {(True, True, True, True)}


def test_the_proof_page_shows_a_path_that_leads_to_the_root(licence: Licence, supervisor: User) -> None:
    client = client_of(supervisor)
    waiting = client.get(f"/en/supervision/entries/{licence.entry}/")
    assert "waits for its number" in texts(waiting)
    head = sequence()
    assert head is not None
    entry = Entry.objects.get(uuid=licence.entry)
    hashes = re.findall(
        r'<code class="long">([0-9a-f]{64})</code>', client.get(f"/en/supervision/entries/{licence.entry}/").content.decode()
    )
    shown = [text for text in hashes if text != entry.private]
    assert (shown[0], shown[-1]) == (leaf_hash(entry.leaf).hex(), head.root)
    assert verify_inclusion(
        leaf_hash(entry.leaf), entry.index, head.size, [bytes.fromhex(step) for step in shown[1:-1]], bytes.fromhex(head.root)
    )


@pytest.mark.parametrize("words", ["黑陶", "eggshell", "EGGSHELL"])
def test_titles_are_found_in_both_languages(licence: Licence, words: str) -> None:
    assert [(hit.kind, hit.id) for hit in queries.search(words)] == [("asset", licence.asset_id)]


def test_numbers_and_cids_are_found(licence: Licence) -> None:
    asset, mine = ("asset", licence.asset_id), ("licence", licence.pk)
    original = licence.version.record["originals"][0]["cid"]
    expected = {
        str(licence.asset_id): asset,
        str(licence.version_id): asset,
        str(licence.pk): mine,
        str(licence.entry): mine,
        licence.version.cid: asset,
        original: asset,
        licence.receipt_cid: mine,
    }
    assert {words: [(hit.kind, hit.id) for hit in queries.search(f" {words} ")] for words in expected} == {
        key: [hit] for key, hit in expected.items()
    }


@pytest.mark.parametrize(
    "words", ["", "  ", "nothing like it", str(uuid.UUID(int=7)), "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"]
)
def test_what_is_not_there_is_not_found(licence: Licence, words: str) -> None:
    assert queries.search(words) == []


def test_drafts_are_found_by_number_without_their_title(draft_asset: Asset, supervisor: User) -> None:
    assert queries.search("未公开") == []
    [hit] = queries.search(str(draft_asset.pk))
    assert (hit.id, hit.version) == (draft_asset.pk, None)
    page = client_of(supervisor).get(f"/zh-hans/supervision/assets/{draft_asset.pk}/")
    assert (page.status_code, "未公开的铜鼎" in page.content.decode(), "从未公开" in texts(page)) == (200, False, True)


def test_withdrawn_assets_stay_in_view(licence: Licence, published_asset: Asset, curator: User, supervisor: User) -> None:
    catalogue.withdraw(asset=published_asset, user=curator, reason="an error")
    [hit] = queries.search("eggshell")
    assert hit.version is not None
    assert hit.version.withdrawn
    assert "Withdrawn" in texts(client_of(supervisor).get("/en/supervision/?q=eggshell"))


def test_an_audit_is_kept_and_shown(licence: Licence, supervisor: User) -> None:
    head = sequence()
    assert head is not None
    client = client_of(supervisor)
    assert client.post("/en/supervision/audit/").status_code == 302
    run = AuditRun.objects.get()
    assert (run.total, run.findings, run.started_by) == (0, [], supervisor)
    assert "findings among" in texts(client.get("/en/supervision/"))


def test_an_audit_finds_what_was_touched(licence: Licence, supervisor: User) -> None:
    sequence()
    (settings.LOG_DIR / "something").write_text("that does not belong here")
    assert domain.audit(user=supervisor).total == 1
    assert str(AuditRun.objects.get().findings[0]["code"]) in texts(client_of(supervisor).get("/en/supervision/"))


def test_an_audit_holds_licences_against_the_log(licence: Licence, supervisor: User, curator: User) -> None:
    market.revoke(licence=licence, user=curator, reason="breach")
    sequence()
    grant = Entry.objects.get(uuid=licence.entry)
    Licence.objects.filter(pk=licence.pk).update(state="active", revoke_entry=None, revoke_reason="")
    assert domain.audit(user=supervisor).findings == [
        {"code": "licence.differs", "message": f"licence {licence.pk} is not what the log says", "leaf": grant.index}
    ]
    Licence.objects.all().delete()
    assert [one["code"] for one in domain.audit(user=supervisor).findings] == ["licence.missing"]


@pytest.mark.parametrize("address", ["assets", "licences", "entries"])
def test_what_was_never_logged_has_no_trail(supervisor: User, address: str) -> None:
    assert client_of(supervisor).get(f"/en/supervision/{address}/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("entries", [1, 3])
def test_a_trail_costs_the_same_however_long(licence: Licence, supervisor: User, entries: int, django_assert_num_queries: Any) -> None:
    for _number in range(entries):
        domain.inspect(user=supervisor, subject_kind="licence", subject_id=licence.pk, view="trail")
    with django_assert_num_queries(4):
        queries.steps("licence", licence.pk)


def test_every_kind_of_entry_and_every_look_has_words() -> None:
    assert set(present.KINDS) == set(Kind)
    assert present.what("something.new") == "something.new"
    with override("zh-hans"):
        words = [str(word) for table in (present.KINDS, present.VIEWS, present.LABELS) for word in table.values()]
    assert [word for word in words if word.isascii() and word != "SHA-256"] == []


def test_a_scope_is_written_for_people() -> None:
    scope = {"use": "product", "medium": "goods", "territory": "CN", "exclusivity": "ordinary", "term_months": 12}
    entry = Entry(
        facts={
            "scope": {**scope, "starts_on": "2026-11-22", "ends_on": "2027-11-22"},
            "role": "creator",
            "outputs": [{}, {}],
            "isolation": ["a", "b"],
        }
    )
    with override("en"):
        assert (present.who(entry), present.facts(entry)) == (
            "Creator",
            [
                (
                    "Scope",
                    "Cultural and creative products · Physical goods · China · Ordinary (not exclusive) · 1 year · 2026-11-22 – 2027-11-22",
                ),
                ("Derivatives", "2"),
                ("Isolation", "a, b"),
            ],
        )

# SPDX-License-Identifier: Apache-2.0
"""Anchors: the contract as it was built, on a chain that runs in the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger import anchoring, bundle, chains, policy
from ledger.audit import audit
from ledger.chains.base import CONTRACT
from ledger.chains.tester import TesterChain
from ledger.cid import cid_of_folder
from ledger.errors import LedgerError
from ledger.models import Anchor, Checkpoint, Entry
from ledger.sequencer import sequence
from ledger.verify import verify_bundle
from tests.ledger.bags import write_bag
from tests.ledger.conftest import Writer

pytestmark = pytest.mark.slow
Grow = Callable[[int], list[Entry]]
LOG, ROOT = b"\1" * 32, b"\2" * 32


@pytest.fixture(scope="module")
def chain() -> TesterChain:
    """Give one chain for the module; starting one takes seconds."""
    return TesterChain()


@pytest.fixture
def one_chain(chain: TesterChain, monkeypatch: pytest.MonkeyPatch) -> TesterChain:
    """Let the alias `default` be the module's chain, in a process that has not anchored yet."""
    chains.get.cache_clear()
    monkeypatch.setattr(chains, "get", lambda alias: {"default": chain}[alias])
    anchoring._anchored_here.clear()
    return chain


def test_the_committed_build_is_that_of_the_source() -> None:
    vyper = pytest.importorskip("vyper", reason="the compiler is a development dependency")
    built = json.loads(CONTRACT.read_text())
    out = vyper.compile_code(CONTRACT.with_suffix(".vy").read_text(), output_formats=["abi", "bytecode"])
    assert (built["abi"], built["bytecode"]) == (out["abi"], out["bytecode"])
    assert built["compiler"] == f"vyper {vyper.__version__.split('+')[0]}"


def test_a_head_only_grows(chain: TesterChain) -> None:
    assert chain.newest(LOG) == (0, bytes(32))
    first = chain.submit(LOG, 5, ROOT)
    assert chain.newest(LOG) == (5, ROOT)
    for size in (4, 5):
        with pytest.raises(LedgerError) as caught:
            chain.submit(LOG, size, LOG)
        assert caught.value.code == "anchor.failed"
    second = chain.submit(LOG, 6, LOG)
    assert chain.newest(LOG) == (6, LOG)
    assert (first.ephemeral, first.genesis, first.contract) == (True, second.genesis, second.contract)
    assert second.block_number > first.block_number


def test_the_event_names_the_head(chain: TesterChain) -> None:
    receipt = chain.submit(b"\3" * 32, 7, ROOT)
    events = chain._contract.events.Anchored.get_logs(from_block=receipt.block_number)
    assert [(event["args"]["log_id"], event["args"]["size"], event["args"]["root"]) for event in events] == [(b"\3" * 32, 7, ROOT)]


def test_only_the_owner_anchors_and_hands_over(chain: TesterChain) -> None:
    web3, anchor = chain._web3, chain._contract
    owner, other = web3.eth.accounts[:2]
    for call in (anchor.functions.anchor(LOG, 99, ROOT), anchor.functions.propose(other), anchor.functions.accept()):
        with pytest.raises(Exception, match=r"not the owner|not proposed"):
            call.transact({"from": other})
    anchor.functions.propose(other).transact({"from": owner})
    anchor.functions.accept().transact({"from": other})
    assert anchor.functions.owner().call() == other
    anchor.functions.propose(owner).transact({"from": other})
    anchor.functions.accept().transact({"from": owner})
    assert anchor.functions.owner().call() == owner


def test_newest_head_is_anchored_once(grow: Grow, one_chain: TesterChain) -> None:
    assert anchoring.anchor() is None
    grow(3)
    made = anchoring.anchor()
    newest = Checkpoint.objects.last()
    assert made is not None
    assert (made.size, made.root, made.error, made.ephemeral) == (3, newest.root, "", True)
    assert one_chain.newest(anchoring.log_id()) == (3, bytes.fromhex(newest.root))
    assert (anchoring.anchor(), Anchor.objects.count()) == (None, 1)
    assert audit() == []


def test_a_new_process_anchors_again_on_an_ephemeral_chain(grow: Grow, one_chain: TesterChain, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(2)
    Anchor.objects.create(size=2, root=Checkpoint.objects.last().root, chain="default", ephemeral=True, time=Checkpoint.objects.last().time)
    assert anchoring.anchor() is not None


def test_a_chain_that_is_down_is_a_row_that_says_so(grow: Grow, monkeypatch: pytest.MonkeyPatch) -> None:
    class Down:
        def submit(self, log_id: bytes, size: int, root: bytes) -> Any:
            raise ConnectionRefusedError("nobody listens")

    monkeypatch.setattr(chains, "get", lambda alias: Down())
    grow(2)
    anchoring.anchor()
    made = anchoring.anchor()
    assert made is not None
    assert (made.error, made.retryable, Anchor.objects.count()) == ("chain.unreachable: ConnectionRefusedError: nobody listens", True, 1)
    assert audit() == []


def test_false_anchor_is_a_finding(grow: Grow) -> None:
    grow(2)
    Anchor.objects.create(size=2, root="00" * 32, chain="default", time=Checkpoint.objects.last().time)
    assert [finding.code for finding in audit()] == ["anchor.contradiction"]


def test_bundle_carries_the_anchor(write: Writer, one_chain: TesterChain, tmp_path: Path) -> None:
    cid = write_bag(tmp_path / "package", {"record.json": b"{}"})
    entry = write("version.publish", subject_id="s", digest=cid)
    sequence()
    made = anchoring.anchor()
    assert made is not None
    write()
    sequence()
    out = bundle.write(tmp_path / "o.zip", kind="asset", subject_id="s", package=tmp_path / "package", entries=[entry])
    shown = verify_bundle(out, policy.parsed()).as_json()
    assert (shown["exit"], cid) == (0, cid_of_folder(tmp_path / "package"))
    assert (shown["anchor"]["size"], shown["anchor"]["transaction"]) == (1, made.transaction)
    assert shown["anchor"]["evidence"] == "none: the chain lived in this process only"

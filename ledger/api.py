# SPDX-License-Identifier: Apache-2.0
"""The log on the API: its head, the proof of an entry, the policy."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router

from ledger import policy, proofs, queries
from ledger.models import Checkpoint
from ledger.schemas import CheckpointOut, ProofOut

router = Router(tags=["log"])


@router.get("/checkpoint", response=CheckpointOut, operation_id="get_checkpoint", summary="The log's newest head")
def get_checkpoint(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give the newest signed and witnessed checkpoint."""
    newest = queries.checkpoint()
    if newest is None:
        raise Http404
    return checkpoint_out(newest)


@router.get("/entries/{uuid:entry}", response=ProofOut, operation_id="get_entry", summary="An entry and its proof")
def get_entry(request: HttpRequest, entry: UUID) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give an entry with its inclusion proof; 404 until it has a number."""
    found = proofs.proof(entry)
    if found is None:
        raise Http404
    return {"index": found.index, "leaf": found.leaf, "proof": found.text, "checkpoint": checkpoint_out(found.checkpoint)}


@router.get("/policy", operation_id="get_policy", summary="The keys to trust")
def get_policy(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - Django's signature
    """Give the policy of this instance; take it from someone you trust rather than from here."""
    return policy.make()


def checkpoint_out(checkpoint: Checkpoint) -> dict[str, Any]:
    """Describe a checkpoint."""
    return {"size": checkpoint.size, "root": checkpoint.root, "time": checkpoint.time, "note": checkpoint.text}

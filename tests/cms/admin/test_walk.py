# SPDX-License-Identifier: Apache-2.0
"""Walk every admin address there is as another museum's curator: nothing of the secret may show anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import TaskState, Workflow, WorkflowState

from assets.models import Asset, Rendition
from cms.admin.models import ReviewTask
from pipelines.models import Run
from tests.cms.admin.conftest import SECRET, SECRET_EN, client_of

# What a curator may open although it names no object; everything else must be 404 for him.
OPEN = {
    "wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_logout", "wagtailadmin_login", "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles", "wagtailadmin_editing_sessions:release", "history",
    "asset_admin:list", "asset_admin:list_results", "asset_admin:add", "asset_admin:preview_on_add",
    "asset_chooser:choose", "asset_chooser:choose_results", "asset_chooser:chosen_multiple",
    "upload_admin:list", "upload_admin:add", "run_admin:list",
}  # fmt: skip


def walk(patterns: list[Any], prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Give every admin address with its full name."""
    for pattern in patterns:
        route = prefix + re.sub(r"^\^", "", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, route, space)
        elif isinstance(pattern, URLPattern):
            yield route, f"{namespace}{pattern.name}"


def admin_addresses() -> list[tuple[str, str]]:
    resolver = next(one for one in get_resolver().url_patterns if str(one.pattern) == "admin/")
    return list(walk(resolver.url_patterns, "admin/"))


def values_of(asset: Asset) -> dict[str, str]:
    """Give the secret's own keys for every name that an address may ask for."""
    state = WorkflowState.objects.get(object_id=str(asset.pk))
    first, last = asset.revisions.order_by("pk").values_list("pk", flat=True)[:2]
    return {
        "pk": str(asset.pk), "object_id": str(asset.pk), "app_label": "assets", "app_name": "assets", "model_name": "asset",
        "revision_id": str(last), "revision_id_a": str(first), "revision_id_b": str(last),
        "task_state_id": str(TaskState.objects.get(workflow_state=state).pk), "workflow_state_id": str(state.pk),
        "task_id": str(ReviewTask.objects.get().pk), "action_name": "approve", "action": "delete", "session_id": "1",
    }  # fmt: skip


def fill(route: str, values: dict[str, str]) -> str:
    """Put the keys into an address; what is left over becomes 1."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda hit: values.get(hit[1], "1"), route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda hit: values.get(hit[1], "1"), path)
    return "/" + path.replace("\\.", ".").replace("\\d+", "1").replace("$", "").replace(".*", "x")


def specific(name: str, values: dict[str, str], asset: Asset) -> dict[str, str]:
    """Give the right key where `pk` means something else than the asset."""
    if name == "run_admin:rendition":
        return {**values, "pk": str(Rendition.objects.get(file__asset=asset).pk)}
    if name in ("run_admin:draft", "run_admin:draft_member"):
        picture = Rendition.objects.get(file__asset=asset)
        return {**values, "asset": str(asset.pk), "cid": picture.cid, "name": "thumbnail.png", "member": "a.png"}
    if name.startswith("annotation_admin:"):
        return {**values, "key": str(asset.annotations.get().key)}
    if name.startswith("run_admin:"):
        return {**values, "pk": str(Run.objects.get(file__asset=asset).pk)}
    if name.startswith("wagtailadmin_workflows:"):
        return {**values, "pk": str(Workflow.objects.get(name__startswith="审核").pk)}
    return values


def answer(client: Client, method: str, path: str, asset: Asset) -> tuple[int, str]:
    data = {"id": str(asset.pk)} if method == "get" else {"id": str(asset.pk), "comment": "", "is_editing": "1"}
    query = f"?id={asset.pk}&q={SECRET}&next=/admin/"
    response = getattr(client, method)(path + (query if method == "post" else ""), data)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content.decode(errors="replace") + str(response.headers) + "".join(map(str, client.session.items()))


def test_there_are_addresses_to_walk() -> None:
    names = {name for _route, name in admin_addresses()}
    assert len(names) > 150
    assert {
        "asset_admin:edit",
        "asset_admin:workflow_action",
        "asset_chooser:chosen",
        "wagtailadmin_reports:site_history",
        "wagtail_bulk_action",
    } <= names


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_museums_curator_finds_nothing(secret: Asset, stranger, method: str) -> None:
    """Objects are 404, lists are empty, whatever is not meant for curators is 404, and the title is nowhere."""
    values = values_of(secret)
    client = client_of(stranger)
    found: dict[str, int] = {}
    for route, name in admin_addresses():
        path = fill(route, specific(name, values, secret))
        if name in ("wagtailadmin_logout", "wagtailadmin_error_test"):
            continue
        status, text = answer(client, method, path, secret)
        shown = text.replace(f"q={SECRET}", "")
        assert SECRET_EN not in shown, (name, path)
        assert f">{SECRET}" not in shown, (name, path)
        if name not in OPEN and status not in ((404, 405) if method == "get" else (404,)):
            found[f"{name} {path}"] = status
    assert {key: status for key, status in found.items() if not key.startswith("wagtailadmin_password_reset")} == {}
    secret.refresh_from_db()
    assert Asset.objects.filter(pk=secret.pk, state="draft", live=False, locked=False).exists()
    assert TaskState.objects.get(workflow_state__object_id=str(secret.pk)).status == TaskState.STATUS_IN_PROGRESS
    assert [(note.title_en, note.pin.state) for note in secret.annotations.all()] == [(SECRET_EN, "waiting")]


def test_the_owner_does_find_it(secret: Asset, curator) -> None:
    """The same walk by the asset's own curator meets it, so the walk above can fail."""
    values = values_of(secret)
    client = client_of(curator)
    client.raise_request_exception = False
    reached = set()
    for route, name in admin_addresses():
        if not name.startswith(("asset_admin:", "run_admin:", "asset_chooser:", "annotation_admin:")):
            continue
        status, _text = answer(client, "get", fill(route, specific(name, values, secret)), secret)
        if status == 200:
            reached.add(name)
    assert {
        "asset_admin:edit",
        "asset_admin:history",
        "asset_admin:usage",
        "asset_admin:revisions_compare",
        "asset_chooser:chosen",
        "run_admin:detail",
        "annotation_admin:page",
        "annotation_admin:state",
    } <= reached
    assert SECRET_EN in client.get("/admin/assets/").content.decode()

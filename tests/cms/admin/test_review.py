# SPDX-License-Identifier: Apache-2.0
"""A second pair of eyes: who may approve what, and what approval does."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from wagtail.models import TaskState, WorkflowState

from assets.models import Asset, AssetText, Rights, Sealing, User
from cms.admin.models import ReviewTask, authors_of
from tests.cms.admin.conftest import client_of, make_user


def task_state(asset: Asset) -> TaskState:
    return TaskState.objects.get(workflow_state__object_id=str(asset.pk))


def action(client: Client, asset: Asset, name: str, state: TaskState):
    return client.post(f"/admin/assets/workflow/action/{asset.pk}/{name}/{state.pk}/", {"comment": "seen"})


def names(user: User, asset: Asset) -> list[str]:
    return [name for name, _label, _modal in ReviewTask.objects.get().get_actions(asset, user)]


def test_there_is_one_review_for_assets(db: None) -> None:
    workflow = Asset.get_default_workflow()
    assert [task.specific for task in workflow.tasks] == [ReviewTask.objects.get()]


def test_authors_are_who_submitted_and_who_wrote(secret: Asset, curator) -> None:
    assert authors_of(task_state(secret)) == {curator.pk}


def test_the_author_cannot_approve_where_there_is_a_colleague(secret: Asset, curator, colleague) -> None:
    assert (names(curator, secret), names(colleague, secret)) == ([], ["reject", "approve", "approve"])


def test_the_author_may_where_there_is_nobody_else(secret: Asset, curator) -> None:
    assert names(curator, secret) == ["reject", "approve", "approve"]


def test_a_colleague_who_left_does_not_count(secret: Asset, curator, colleague) -> None:
    User.objects.filter(pk=colleague.pk).update(is_active=False)
    assert names(curator, secret) == ["reject", "approve", "approve"]


def test_another_museum_never_may(secret: Asset, stranger, administrator) -> None:
    assert (names(stranger, secret), names(administrator, secret)) == ([], ["reject", "approve", "approve"])


def test_reviews_that_wait(secret: Asset, curator, colleague, stranger) -> None:
    waiting = [list(TaskState.objects.reviewable_by(user)) for user in (curator, colleague, stranger)]
    assert waiting == [[], [task_state(secret)], []]


def test_the_author_is_stopped_at_the_address_too(secret: Asset, curator, colleague) -> None:
    response = action(client_of(curator), secret, "approve", task_state(secret))
    assert (response.status_code, task_state(secret).status) == (302, TaskState.STATUS_IN_PROGRESS)


def test_approval_asks_for_sealing(secret: Asset, colleague) -> None:
    response = action(client_of(colleague), secret, "approve", task_state(secret))
    secret.refresh_from_db()
    sealing = Sealing.objects.get(asset=secret)
    assert (response.status_code, secret.state, secret.live) == (302, "sealing", False)
    assert (sealing.requested_by, sealing.revision_id) == (colleague, secret.latest_revision_id)
    assert task_state(secret).status == TaskState.STATUS_APPROVED


def test_what_the_catalogue_refuses_stays_in_review(secret: Asset, colleague) -> None:
    Rights.objects.filter(asset=secret).delete()
    Asset.objects.get(pk=secret.pk).save_revision(user=None)
    response = action(client_of(colleague), secret, "approve", task_state(secret))
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert response.headers["Location"] == f"/admin/assets/edit/{secret.pk}/"
    assert (task_state(secret).status, len(told), Sealing.objects.count()) == (TaskState.STATUS_IN_PROGRESS, 1, 0)


def test_sending_back(secret: Asset, colleague) -> None:
    action(client_of(colleague), secret, "reject", task_state(secret))
    assert WorkflowState.objects.get(object_id=str(secret.pk)).status == WorkflowState.STATUS_NEEDS_CHANGES


@pytest.fixture
def foreign(other_museum, stranger) -> Asset:
    """An asset of the other museum, also in review, with a second curator there."""
    make_user("second", "curator", other_museum)
    asset = Asset.objects.create(institution=other_museum, created_by=stranger)
    AssetText.objects.create(asset=asset, language="zh-hans", title="别馆之物")
    asset = Asset.objects.get(pk=asset.pk)
    asset.save_revision(user=stranger)
    asset.get_workflow().start(asset, stranger)
    return asset


@pytest.mark.parametrize("part", ["action", "collect_action_data"])
def test_an_own_asset_does_not_open_a_foreign_review(secret: Asset, colleague, foreign: Asset, part: str) -> None:
    """Wagtail takes any task state that the address names; ours must be of this very asset."""
    client = client_of(colleague)
    response = client.post(f"/admin/assets/workflow/{part}/{secret.pk}/approve/{task_state(foreign).pk}/", {"comment": ""})
    assert (response.status_code, task_state(foreign).status) == (404, TaskState.STATUS_IN_PROGRESS)


def test_an_own_asset_does_not_open_a_foreign_history(secret: Asset, colleague, foreign: Asset) -> None:
    state = WorkflowState.objects.get(object_id=str(foreign.pk))
    response = client_of(colleague).get(f"/admin/assets/workflow_history/{secret.pk}/detail/{state.pk}/")
    assert response.status_code == 404

# SPDX-License-Identifier: Apache-2.0
"""The review step: a colleague of the same institution looks before the public does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState

from assets.models import Asset
from assets.rules import editable, may_edit
from cms.admin.access import may_review

APPROVE, REJECT = "approve", "reject"


def authors_of(state: TaskState) -> set[Any]:
    """Give who submitted a draft and who wrote its last revision."""
    return {state.workflow_state.requested_by_id, state.revision.user_id} - {None}


class ReviewTask(Task):
    """Review by another curator of the same institution, or by an administrator."""

    def user_can_access_editor(self, obj: Asset, user: Any) -> bool:
        """Open the editor to the institution's own curators."""
        return may_edit(user, obj)

    def locked_for_user(self, obj: Asset, user: Any) -> bool:
        """Lock the draft for everyone else."""
        return not may_edit(user, obj)

    def user_can_lock(self, obj: Asset, user: Any) -> bool:
        """Let the institution's own curators lock the draft."""
        return may_edit(user, obj)

    def user_can_unlock(self, obj: Asset, user: Any) -> bool:
        """Let the institution's own curators unlock the draft."""
        return may_edit(user, obj)

    def get_actions(self, obj: Asset, user: Any) -> list[tuple[str, Any, bool]]:
        """Offer approval to a second pair of eyes only."""
        state = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__object_id=str(obj.pk)).first()
        if state is None or not may_review(user, obj, authors_of(state)):
            return []
        return [(REJECT, _("Request changes"), True), (APPROVE, _("Approve"), False), (APPROVE, _("Approve with comment"), True)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> QuerySet[TaskState]:  # noqa: ARG002
        """Give the reviews that wait for this user."""
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state", "revision")
        mine = editable(user).in_bulk([UUID(state.workflow_state.object_id) for state in waiting])
        found = [
            state.pk
            for state in waiting
            if (asset := mine.get(UUID(state.workflow_state.object_id))) and may_review(user, asset, authors_of(state))
        ]
        return TaskState.objects.filter(pk__in=found)

    @classmethod
    def get_description(cls) -> str:
        """Say who reviews."""
        return str(_("Another curator of the same institution approves; where there is none, the author may."))

    class Meta:
        verbose_name = _("review by a colleague")
        verbose_name_plural = _("reviews by a colleague")

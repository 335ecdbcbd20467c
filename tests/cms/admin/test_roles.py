# SPDX-License-Identifier: Apache-2.0
"""Who gets into the admin, and how far."""

from __future__ import annotations

import pytest
from django.test import Client

from assets.enums import Role
from assets.models import Asset
from cms.admin.access import CURATOR_PERMISSIONS, PUBLISH_PERMISSION, AssetPolicy, RoleBackend, may_publish_alone
from tests.cms.admin.conftest import SECRET_EN, client_of, make_user


@pytest.mark.parametrize("role", [Role.VISITOR, Role.CREATOR, Role.SUPERVISOR])
@pytest.mark.parametrize("path", ["", "assets/", "uploads/add/", "uploads/", "runs/", "history/", "users/"])
def test_other_roles_are_sent_to_the_log_in(db: None, role: str, path: str) -> None:
    response = client_of(make_user("someone", role)).get(f"/admin/{path}")
    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("role", [Role.VISITOR, Role.CREATOR, Role.SUPERVISOR])
def test_other_roles_reach_no_object(secret: Asset, role: str) -> None:
    client = client_of(make_user("someone", role))
    for address in (f"assets/edit/{secret.pk}/", f"assets/history/{secret.pk}/", f"assets/choose/chosen/{secret.pk}/"):
        assert client.get(f"/admin/{address}").status_code == 302


def test_a_stranger_is_sent_to_the_log_in(db: None) -> None:
    assert Client().get("/admin/assets/").status_code == 302


def test_a_role_that_is_lost_loses_the_admin(curator) -> None:
    client = client_of(curator)
    before = client.get("/admin/").status_code
    type(curator).objects.filter(pk=curator.pk).update(role=Role.VISITOR)
    assert (before, client.get("/admin/").status_code) == (200, 302)


def test_a_curator_has_these_permissions_and_no_others(curator, colleague) -> None:
    assert RoleBackend().get_user_permissions(curator) == CURATOR_PERMISSIONS
    assert curator.get_all_permissions() == CURATOR_PERMISSIONS


def test_the_only_curator_may_publish_alone(curator) -> None:
    assert may_publish_alone(curator)
    assert RoleBackend().get_user_permissions(curator) == CURATOR_PERMISSIONS | {PUBLISH_PERMISSION}


def test_a_closed_account_has_nothing(curator) -> None:
    curator.is_active = False
    assert RoleBackend().get_user_permissions(curator) == set()


def test_permissions_are_never_about_single_objects(curator, secret: Asset) -> None:
    assert RoleBackend().get_user_permissions(curator, secret) == set()


def test_the_policy_knows_institutions(curator, stranger, administrator, secret: Asset) -> None:
    policy = AssetPolicy(Asset)
    told = [policy.user_has_permission_for_instance(user, "change", secret) for user in (curator, administrator, stranger)]
    assert told == [True, True, False]
    assert list(policy.instances_user_has_permission_for(curator, "change")) == [secret]
    assert list(policy.instances_user_has_permission_for(stranger, "change")) == []
    assert set(policy.users_with_permission_for_instance("change", secret)) == {curator, administrator}


def test_an_administrator_sees_every_museum(administrator, secret: Asset) -> None:
    client = client_of(administrator)
    assert SECRET_EN in client.get("/admin/assets/").content.decode()
    assert client.get("/admin/users/").status_code == 200


def test_a_curator_keeps_a_short_menu(curator) -> None:
    text = client_of(curator).get("/admin/").content.decode()
    names = {
        name
        for name in ("upload", "assets", "runs", "own-history", "explorer", "images", "documents", "reports", "settings", "help")
        if f'"name": "{name}"' in text
    }
    assert names == {"upload", "assets", "runs", "own-history"}

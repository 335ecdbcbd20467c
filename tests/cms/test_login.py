# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from assets.models import User
from cms.login import ADDRESS_FACTOR, LimitedBackend, client_address, waiting
from cms.models import LoginAttempt
from tests.cast import PASSWORD, make_user

LOGIN = "/zh-hans/login/"


@pytest.fixture(autouse=True)
def three_attempts(settings: Any, db: None) -> None:
    settings.QILU = {**settings.QILU, "QILU_LOGIN_ATTEMPTS": 3}
    settings.AUTHENTICATION_BACKENDS = ["cms.login.LimitedBackend"]
    settings.WAGTAILADMIN_USER_LOGIN_FORM = "cms.login.AdminLoginForm"


def attempt(client: Client, name: str, password: str, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": password}, **extra)


def test_who_knows_the_password_comes_in(stranger: Client, visitor: User) -> None:
    response = attempt(stranger, "visitor", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/zh-hans/account/")
    assert stranger.get("/zh-hans/account/").status_code == 200
    assert LoginAttempt.objects.count() == 0


def test_a_visitor_is_sent_back_to_where_they_came_from_but_never_elsewhere(stranger: Client, visitor: User) -> None:
    body = {"username": "visitor", "password": PASSWORD}
    assert stranger.post(LOGIN, {**body, "next": "/en/map/"})["Location"] == "/en/map/"
    assert Client().post(LOGIN, {**body, "next": "https://example.org/"})["Location"] == "/zh-hans/account/"


def test_too_many_failures_make_the_account_wait_even_with_the_right_password(stranger: Client, visitor: User) -> None:
    codes = [attempt(stranger, "visitor", "wrong").status_code for _ in range(2)]
    last = attempt(stranger, "visitor", "wrong")
    right = attempt(stranger, "visitor", PASSWORD)
    assert (codes, last.status_code, right.status_code) == ([200, 200], 429, 429)
    assert "请等一刻钟再试" in right.content.decode()
    assert attempt(Client(), "VISITOR", PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 429
    assert LoginAttempt.objects.count() == 3


def test_another_account_from_the_same_address_does_not_wait(stranger: Client, visitor: User) -> None:
    for _ in range(3):
        attempt(stranger, "someone", "wrong")
    assert attempt(stranger, "visitor", PASSWORD).status_code == 302


def test_an_address_that_tries_many_accounts_must_wait(stranger: Client, visitor: User) -> None:
    for number in range(3 * ADDRESS_FACTOR):
        attempt(stranger, f"guess-{number}", "wrong")
    assert attempt(stranger, "visitor", PASSWORD).status_code == 429
    assert attempt(Client(), "visitor", PASSWORD, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_after_a_quarter_of_an_hour_it_is_forgotten(stranger: Client, visitor: User) -> None:
    for _ in range(3):
        attempt(stranger, "visitor", "wrong")
    LoginAttempt.objects.update(at=timezone.now() - timedelta(minutes=15, seconds=1))
    assert attempt(stranger, "visitor", PASSWORD).status_code == 302
    assert LoginAttempt.objects.count() == 0


def test_the_admin_s_form_is_behind_the_same_limit(stranger: Client, administrator: User) -> None:
    for _ in range(3):
        stranger.post("/admin/login/", {"username": "administrator", "password": "wrong"})
    response = stranger.post("/admin/login/", {"username": "administrator", "password": PASSWORD})
    assert response.status_code == 200
    assert "_auth_user_id" not in stranger.session


def test_an_unknown_name_is_answered_like_a_wrong_password(stranger: Client, visitor: User) -> None:
    known, unknown = attempt(stranger, "visitor", "wrong"), attempt(stranger, "nobody", "wrong")
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_attempts_hold_no_personal_data(stranger: Client) -> None:
    attempt(stranger, "visitor@example.org", "wrong", REMOTE_ADDR="192.0.2.1")
    row = LoginAttempt.objects.get()
    assert "visitor" not in row.account
    assert "192" not in row.address[:3] or len(row.address) == 64
    assert len(row.account) == 64


def test_the_backend_refuses_scripts_too(visitor: User) -> None:
    request = RequestFactory().post("/")
    for _ in range(3):
        assert authenticate(request, username="visitor", password="wrong") is None
    with pytest.raises(PermissionDenied):
        LimitedBackend().authenticate(request, username="visitor", password=PASSWORD)
    assert waiting("visitor", "") is True


def test_a_closed_account_stays_out(stranger: Client) -> None:
    user = make_user("gone", "visitor")
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert attempt(stranger, "gone", PASSWORD).status_code == 200


@pytest.mark.parametrize(("trust", "address"), [(False, "10.0.0.1"), (True, "203.0.113.7")])
def test_the_address_behind_a_proxy_is_believed_only_where_it_is_trusted(trust: bool, address: str, settings: Any) -> None:
    settings.QILU = {**settings.QILU, "QILU_TRUST_PROXY": trust}
    request: HttpRequest = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert client_address(request) == address


def test_logging_out_takes_a_post(visitor: User) -> None:
    client = Client()
    client.force_login(visitor)
    assert client.get("/en/logout/").status_code == 405
    assert client.post("/en/logout/")["Location"] == "/en/"
    assert client.get("/en/account/").status_code == 302


def test_each_role_is_shown_its_own_doors(visitor: User, creator: User, supervisor: User, curator: User) -> None:
    doors = {}
    for user in (visitor, creator, supervisor, curator):
        client = Client()
        client.force_login(user)
        doors[user.username] = [url for _label, url in client.get("/en/account/").context["links"]]
    assert doors["visitor"] == []
    assert doors["creator"] == ["/en/orders/", "/en/licences/mine/"]
    assert doors["curator"] == ["/admin/"]

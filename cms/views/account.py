# SPDX-License-Identifier: Apache-2.0
"""Logging in and out, and what the site knows of an account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import NoReverseMatch, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assets.enums import Role
from assets.models import User
from cms.login import LoginForm


class Login(LoginView):
    """The log-in page; who came from elsewhere on the site goes back there."""

    template_name = "cms/login.html"
    form_class = LoginForm
    redirect_authenticated_user = True
    extra_context = {"section": "account"}

    def get_default_redirect_url(self) -> str:
        """Lead to the account where no page was named."""
        return resolve_url(self.next_page or "cms:account")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Answer 429 to those who must wait, so that scripts notice."""
        response = super().form_invalid(form)
        response.status_code = 429 if form.has_error("__all__", "waiting") else 200
        return response


@method_decorator(never_cache, name="dispatch")
class Logout(LogoutView):
    """Logging out, by POST only."""

    next_page = "guide:home"


def _links(user: User) -> list[tuple[str, str]]:
    """List where this account's work is, as far as the rooms offer it."""
    wanted: list[tuple[str, str]] = []
    if user.role in (Role.CREATOR, Role.ADMINISTRATOR):
        wanted += [(_("My orders"), "marketplace:orders"), (_("My licences"), "marketplace:mine")]
    if user.role in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        wanted += [(_("Supervision"), "supervision:overview")]
    if user.role in (Role.CURATOR, Role.ADMINISTRATOR) or user.is_superuser:
        wanted += [(_("Collection management"), "wagtailadmin_home")]
    return [(label, url) for label, name in wanted if (url := address(name))]


def address(name: str) -> str:
    """Give the address of a named page, empty where no room offers it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show who is logged in, as what, and where to go from there."""
    user = request.user
    assert isinstance(user, User)
    return render(request, "cms/account.html", {"links": _links(user), "section": "account"})

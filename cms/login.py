# SPDX-License-Identifier: Apache-2.0
"""Logging in, at most so often: for the site's form and the admin's alike, because the limit sits in the backend."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm as WagtailLoginForm

from cms.models import LoginAttempt

WINDOW = timedelta(minutes=15)
ADDRESS_FACTOR = 4  # a museum's visitors share one address


def client_address(request: HttpRequest | None) -> str:
    """Give the visitor's network address; behind a trusted proxy the last one it added."""
    if request is None:
        return ""
    if settings.QILU["QILU_TRUST_PROXY"] and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR", "")):
        return str(forwarded.rsplit(",", 1)[-1].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


def _hash(kind: str, value: str) -> str:
    """Hash a value so that only this instance can recognise it again."""
    return salted_hmac(f"cms.login.{kind}", value.casefold(), algorithm="sha256").hexdigest()


def waiting(account: str, address: str) -> bool:
    """Tell whether this account or this address has failed too often within the window."""
    recent = LoginAttempt.objects.filter(at__gt=timezone.now() - WINDOW)
    most = settings.QILU["QILU_LOGIN_ATTEMPTS"]
    if recent.filter(account=_hash("account", account)).count() >= most:
        return True
    return recent.filter(address=_hash("address", address)).count() >= most * ADDRESS_FACTOR


class LimitedBackend(ModelBackend):
    """Django's backend behind the limit. An attempt is written before the password is looked at, and taken back when it was right."""

    def authenticate(  # type: ignore[override] # the stubs differ among themselves
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        """Check name and password.

        Raises
        ------
        PermissionDenied
            Where the account or the address must wait; no other backend is asked then.
        """
        account, address = username or kwargs.get("username") or "", client_address(request)
        if waiting(account, address):
            raise PermissionDenied
        LoginAttempt.objects.filter(at__lte=timezone.now() - WINDOW).delete()
        attempt = LoginAttempt.objects.create(account=_hash("account", account), address=_hash("address", address), at=timezone.now())
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None:
            LoginAttempt.objects.filter(account=attempt.account).delete()
        return user


MESSAGES: dict[str, Any] = {
    "invalid_login": _("The name or the password is not right. Both are case-sensitive."),
    "inactive": _("This account is closed."),
    "waiting": _("Too many failed log-ins. Please wait a quarter of an hour and try again."),
}


def refusal(form: AuthenticationForm) -> forms.ValidationError:
    """Give the error of a failed log-in; it says why when the visitor must wait."""
    account = form.cleaned_data.get("username") or ""
    code = "waiting" if waiting(account, client_address(form.request)) else "invalid_login"
    return forms.ValidationError(MESSAGES[code], code=code)


class LoginForm(AuthenticationForm):
    """The site's form."""

    error_messages = MESSAGES
    get_invalid_login_error = refusal


class AdminLoginForm(WagtailLoginForm):  # type: ignore[misc]
    """The admin's form."""

    error_messages = MESSAGES
    get_invalid_login_error = refusal

# SPDX-License-Identifier: Apache-2.0
"""Django's settings, made from the table in `cms/config.py`."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from cms.config import read_settings

Backends = dict[str, dict[str, Any]]

config = read_settings()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(config["QILU_DATA"] or BASE_DIR / ".data").resolve()
STORE_DIR = DATA_DIR / "store"
LOG_DIR = DATA_DIR / "log"
KEYS_DIR = DATA_DIR / "keys"


def _secret_key() -> str:
    """Give the configured secret, or the one kept in the data folder, made at first use."""
    if config["QILU_SECRET_KEY"]:
        return str(config["QILU_SECRET_KEY"])
    path = KEYS_DIR / "django-secret"
    if not path.exists():
        KEYS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)  # the first of two processes wins
        fresh.unlink()
    return path.read_text()


def _database(url: str) -> dict[str, Any]:
    """Turn DATABASE_URL into Django's form; without one, SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "db.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError(f"DATABASE_URL: {parts.scheme}:// is not supported; use postgres:// or leave it empty for SQLite")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = _secret_key()
DEBUG = config["QILU_DEBUG"]
ALLOWED_HOSTS = [host for host in config["QILU_HOSTS"].split(",") if host]
BASE_URL = config["QILU_BASE_URL"].rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
DEMO = config["QILU_DEMO"]

INSTALLED_APPS = [
    "cms",
    "cms.admin",
    "supervision",
    "guide",
    "marketplace",
    "pipelines",
    "assets",
    "ledger",
    "django_tasks",
    "django_tasks_db",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "modelsearch",
    "taggit",
    "ninja",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.PageCache",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context.site",
            ],
        },
    },
]

DATABASES = {"default": _database(config["DATABASE_URL"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "assets.User"
AUTHENTICATION_BACKENDS = ["cms.login.LimitedBackend", "cms.admin.access.RoleBackend"]
WAGTAILADMIN_USER_LOGIN_FORM = "cms.login.AdminLoginForm"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "cms:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "cms" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("vendor", BASE_DIR / "vendor")] if (BASE_DIR / "vendor").is_dir() else []
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MIMETYPES = {".wasm": "application/wasm", ".glb": "model/gltf-binary"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}}

CLOCK_DUTIES = {"marketplace.domain.sweep": 60}  # what rooms above the pipelines want done again and again: path to seconds

# The extension points of docs/architecture.md: alias, BACKEND, OPTIONS.
CONTENT_STORES: Backends = {"default": {"BACKEND": "assets.stores.local.LocalStore", "OPTIONS": {"folder": STORE_DIR}}}
SEARCH: Backends = {"default": {"BACKEND": "assets.search.tantivy.TantivyIndex", "OPTIONS": {"folder": DATA_DIR / "search"}}}
CHAINS: Backends = {"default": {"BACKEND": "ledger.chains.tester.TesterChain", "OPTIONS": {}}}
PAYMENTS: Backends = {"default": {"BACKEND": "marketplace.payments.sandbox.SandboxProvider", "OPTIONS": {}}}

QILU = config
WAGTAIL_SITE_NAME = "齐鲁 Qilu"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False  # no mail is set up; an administrator sets a new password

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"  # Wagtail lifts it for the previews that its editor frames
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if config["QILU_HTTPS"]:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if config["QILU_TRUST_PROXY"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # the admin has its own policy: cms/middleware.py
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # model-viewer positions its slots by style attributes
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],  # a film of several sizes is put together in the browser
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

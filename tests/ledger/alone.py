# SPDX-License-Identifier: Apache-2.0
"""Settings of a platform that is nothing but its log: the floor below needs no room above."""

import os
from pathlib import Path
from urllib.parse import urlsplit

DATA_DIR = Path(os.environ["QILU_DATA"])
LOG_DIR, KEYS_DIR = DATA_DIR / "log", DATA_DIR / "keys"
BASE_URL = "http://127.0.0.1:8000"
SECRET_KEY = "for the tests only"
INSTALLED_APPS = ["ledger"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_FILE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "db.sqlite3",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"},
}
_SERVER = urlsplit(os.environ.get("DATABASE_URL", ""))
_ON_SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": _SERVER.path.lstrip("/"),
    "USER": _SERVER.username,
    "PASSWORD": _SERVER.password,
    "HOST": _SERVER.hostname,
    "PORT": _SERVER.port,
}
DATABASES = {"default": _ON_SERVER if _SERVER.scheme else _FILE}
CHAINS = {"default": {"BACKEND": "ledger.chains.tester.TesterChain", "OPTIONS": {}}}
QILU = {"QILU_POLICY_MAX_AGE": 7 * 24 * 3600}

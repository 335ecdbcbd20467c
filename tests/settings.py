# SPDX-License-Identifier: Apache-2.0
"""Settings of the tests: the product's own, over a fresh data folder; DATABASE_URL chooses the database."""

import os
import tempfile

os.environ["QILU_DATA"] = tempfile.mkdtemp(prefix="qilu-tests-")
os.environ.setdefault("QILU_SECRET_KEY", "for the tests only")

from cms.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

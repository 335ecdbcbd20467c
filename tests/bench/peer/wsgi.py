# SPDX-License-Identifier: Apache-2.0
"""The WSGI application of a bare Wagtail project."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.peer.settings"
application = get_wsgi_application()

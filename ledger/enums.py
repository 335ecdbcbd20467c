# SPDX-License-Identifier: Apache-2.0
"""The kinds of entry that the platform writes, and how far the proof of one reaches."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What an entry says has happened."""

    INGEST_RECEIVE = "ingest.receive", _("received")
    PROCESS_RUN = "process.run", _("processed")
    VERSION_PUBLISH = "version.publish", _("version published")
    VERSION_WITHDRAW = "version.withdraw", _("version withdrawn")
    LICENCE_GRANT = "licence.grant", _("licence granted")
    LICENCE_REVOKE = "licence.revoke", _("licence revoked")
    ACCESS_GRANT = "access.grant", _("access granted")
    ACCESS_DOWNLOAD = "access.download", _("master downloaded")
    SUPERVISE_INSPECT = "supervise.inspect", _("inspected")
    PACKAGE_WITHDRAW = "package.withdraw", _("package withdrawn")
    ERASE_PERSONAL = "erase.personal", _("personal data erased")
    LOG_RESTORE = "log.restore", _("log restored from its files")


class ProofState(TextChoices):
    """How far the proof of an entry reaches."""

    PENDING = "pending", _("recorded, not yet numbered")
    WITNESSED = "witnessed", _("in a witnessed checkpoint")
    ANCHORED = "anchored", _("anchored on a chain")

# SPDX-License-Identifier: Apache-2.0
"""Every setting of Qilu in one table: environment name, default, meaning. docs/settings.md repeats it; a test compares."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

MIB = 1024 * 1024
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


@dataclass(frozen=True)
class Setting:
    """One knob: its environment name, its default and what it does."""

    name: str
    default: str | int | bool
    meaning: str

    def read(self) -> Any:  # the type is that of the default
        """Read the value from the environment, in the default's type.

        Raises
        ------
        ValueError
            Where the environment holds something that is not of the default's type.
        """
        raw = os.environ.get(self.name)
        if raw is None:
            return self.default
        if isinstance(self.default, bool):
            if raw.lower() not in TRUE + FALSE:
                raise ValueError(f"{self.name}={raw!r} is neither true nor false")
            return raw.lower() in TRUE
        if isinstance(self.default, int):
            try:
                return int(raw)
            except ValueError:
                raise ValueError(f"{self.name}={raw!r} is not a whole number") from None
        return raw


SETTINGS: tuple[Setting, ...] = (
    Setting("QILU_DATA", "", "Folder of database, stores, log and keys; empty: `.data` beside manage.py."),
    Setting("QILU_SECRET_KEY", "", "Django's secret; empty: made once and kept in the data folder's `keys/`."),
    Setting("QILU_DEBUG", False, "Django's debug pages; never on a public server."),
    Setting("QILU_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the site answers to, by comma."),
    Setting("QILU_BASE_URL", "http://127.0.0.1:8000", "Address under which the public reaches the site; goes into QR codes and receipts."),
    Setting("QILU_HTTPS", False, "The site stands behind TLS: secure cookies, HSTS, redirect to https."),
    Setting("QILU_TRUST_PROXY", False, "A reverse proxy sets X-Forwarded-For and X-Forwarded-Proto; believe it."),
    Setting("DATABASE_URL", "", "postgres://user:password@host:port/name; empty: SQLite in the data folder."),
    Setting("QILU_UPLOAD_MAX_BYTES", 4096 * MIB, "Largest single upload, in bytes."),
    Setting("QILU_QUOTA_BYTES", 200 * 1024 * MIB, "Originals one institution may store, in bytes."),
    Setting("QILU_STEP_MEMORY_BYTES", 6 * 1024 * MIB, "Memory a processing step may use, in bytes."),
    Setting("QILU_STEP_CPU_SECONDS", 900, "CPU seconds a processing step may use."),
    Setting("QILU_STEP_WALL_SECONDS", 1800, "Seconds a processing step may take."),
    Setting("QILU_STEP_FILE_BYTES", 4096 * MIB, "Largest file a processing step may write, in bytes."),
    Setting("QILU_STEP_OUT_BYTES", 8192 * MIB, "All files together that a processing step may write, in bytes."),
    Setting(
        "QILU_INTAKE_LIMITS", "", "Bounds of the pre-flight that differ from their defaults, as a JSON object; names and defaults below."
    ),
    Setting(
        "QILU_FFMPEG",
        "",
        "Where ffmpeg lies; empty: on the PATH; `none`: it shall not be used, and sound other than WAV and film are refused.",
    ),
    Setting(
        "QILU_BASISU",
        "",
        "Where basisu lies, which writes KTX2 textures; empty: as `manage.py` brought it, else on the PATH; `none`: there are none.",
    ),
    Setting("QILU_LEASE_SECONDS", 60, "How long a run belongs to a worker without a heartbeat."),
    Setting("QILU_CHECKPOINT_SECONDS", 5, "How often the worker numbers new entries and signs a checkpoint."),
    Setting("QILU_ANCHOR_SECONDS", 60, "How often the worker anchors the log's head on a chain."),
    Setting(
        "QILU_POLICY_MAX_AGE", 7 * 24 * 3600, "Seconds after which a cosignature counts as stale in the policy that the site hands out."
    ),
    Setting("QILU_PAGE_CACHE_SECONDS", 300, "How long an anonymous public page is kept in memory."),
    Setting("QILU_LOGIN_ATTEMPTS", 8, "Failed log-ins per account and address within fifteen minutes before both must wait."),
    Setting("QILU_DEMO", False, "The instance shows demo content: pages say so and the demo's users exist."),
)


def read_settings() -> dict[str, Any]:
    """Read every setting of the table."""
    return {setting.name: setting.read() for setting in SETTINGS}

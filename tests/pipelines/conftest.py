# SPDX-License-Identifier: Apache-2.0
"""A migrated data folder, made once and copied for each test that runs commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.cli import Instance, copy_of


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    instance = Instance(tmp_path_factory.mktemp("template") / "data")
    assert instance.json("list") == {"assets": []}
    return instance.data


@pytest.fixture
def instance(template: Path, tmp_path: Path) -> Instance:
    return copy_of(template, tmp_path / "data")

# SPDX-License-Identifier: Apache-2.0
"""Databases for tests whose subjects are processes: each data folder gets one of its own on the server that DATABASE_URL names."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def server() -> str:
    """Give the address that DATABASE_URL held when the tests began, or nothing where they run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def create(template: str = "") -> str:
    """Make an empty database, or a copy of another that nobody uses; give its address."""
    name = f"qilu_test_{secrets.token_hex(6)}"
    words = [sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))]
    if template:
        words.append(sql.SQL("TEMPLATE {}").format(sql.Identifier(_name(template))))
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL(" ").join(words))
    return urlunsplit(urlsplit(server())._replace(path=f"/{name}"))


def drop(url: str) -> None:
    """Remove a database that `create` made, whoever is still connected."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name(url))))


def _name(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


@dataclass
class Place:
    """A data folder with its database: a file in the folder, or one of its own on the server; `drop` removes that."""

    data: Path
    database: str = ""

    @classmethod
    def fresh(cls, data: Path) -> Self:
        """Give a place where nothing is yet."""
        return cls(data, create() if server() else "")

    def copy(self, target: Path) -> Self:
        """Copy folder and database."""
        shutil.copytree(self.data, target)
        return type(self)(target, create(template=self.database) if self.database else "")

    def drop(self) -> None:
        """Remove the database where it lies on a server; the folder is pytest's."""
        if self.database:
            drop(self.database)

    def ask(self, question: str) -> object:
        """Ask the database one thing."""
        if self.database:
            with psycopg.connect(self.database, autocommit=True) as connection:
                row = connection.execute(question.encode()).fetchone()
        else:
            with sqlite3.connect(f"file:{self.data / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as file:
                row = file.execute(question).fetchone()
        return row[0] if row else None

    @property
    def environment(self) -> dict[str, str]:
        """Give the environment of a process that works here, and nowhere else."""
        ours = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "QILU_SECRET_KEY")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        return {**kept, "DATABASE_URL": self.database, "QILU_DATA": str(self.data), "LC_ALL": "C.UTF-8"}

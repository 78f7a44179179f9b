"""The database's superuser, from whom nothing in the database is safe: what he does past every trigger and right."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

from config.embedded import urls


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """A connection of his to the tests' database, with triggers switched off; committed at the end."""
    address = os.environ.get("DATABASE_SUPERUSER_URL")
    address = address or urls(settings.STATE_DIR, {"database"}, durable=False)["DATABASE_SUPERUSER_URL"]
    with psycopg.connect(address, dbname=connection.settings_dict["NAME"]) as theirs:
        theirs.execute("SET session_replication_role = replica")
        yield theirs


@contextmanager
def touched() -> Iterator[psycopg.Connection[Any]]:
    """The same, and afterwards the trail is again what it was: for trying many things on one chain."""
    with superuser() as theirs:
        for table in ("audit_entry", "audit_chain"):
            theirs.execute(
                SQL("CREATE TEMPORARY TABLE {} AS SELECT * FROM {}").format(
                    Identifier(f"kept_{table}"), Identifier(table)
                )
            )
        theirs.commit()
        yield theirs
        theirs.commit()
        for table in ("audit_entry", "audit_chain"):
            theirs.execute(SQL("DELETE FROM {}").format(Identifier(table)))
            theirs.execute(
                SQL("INSERT INTO {} SELECT * FROM {}").format(Identifier(table), Identifier(f"kept_{table}"))
            )

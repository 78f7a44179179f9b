"""Migration operations for what Django cannot say: row level security, composite foreign keys, grants.

Migrations import nothing of ours but this module, core.ids and core.fields, which are kept stable for their sake.
"""

from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.special import RunSQL

WEB_ROLE = "scriptorium_web"
SYSTEM_ROLE = "scriptorium_system"
DECLARED = "current_setting('app.organization')::uuid"


def row_level_security(table: str, column: str = "organization_id") -> RunSQL:
    """Enable and force row level security on `table`: only rows of the declared organization exist.

    The predicate has no `missing_ok`: without a declaration the query raises instead of answering nothing.
    """
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {table}_tenant ON {table}"
        f" USING ({column} = {DECLARED}) WITH CHECK ({column} = {DECLARED});",
        f"DROP POLICY {table}_tenant ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def same_organization(table: str, column: str, parent: str) -> RunSQL:
    """Add a composite foreign key: a row may only point at a parent of its own organization.

    Needs a unique constraint on `parent (organization_id, id)`; row level security alone would accept a foreign parent.
    """
    name = f"{table}_{column}_same_org"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (organization_id, {column})"
        f" REFERENCES {parent} (organization_id, id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def append_only(table: str) -> RunSQL:
    """Take UPDATE, DELETE and TRUNCATE on `table` from every role the application uses."""
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {WEB_ROLE}, {SYSTEM_ROLE};",
        f"GRANT UPDATE, DELETE ON {table} TO {WEB_ROLE}, {SYSTEM_ROLE};",
    )


def closed(table: str, *readers: str) -> RunSQL:
    """Take every right on `table` from the application's roles; `readers` keep SELECT. The owner's code writes it."""
    roles = f"{WEB_ROLE}, {SYSTEM_ROLE}"
    keep = f"GRANT SELECT ON {table} TO {', '.join(readers)};" if readers else ""
    return RunSQL(
        f"REVOKE ALL ON {table} FROM {roles};{keep}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {roles};",
    )


class Grants(Operation):
    """Give the application's roles their rights on what exists and on all that later migrations make."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Grants are no part of the model state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        roles = f"{WEB_ROLE}, {SYSTEM_ROLE}"
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {roles}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {roles}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {roles}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {roles}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {roles}",
        ):
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        roles = f"{WEB_ROLE}, {SYSTEM_ROLE}"
        schema_editor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {roles}")
        schema_editor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {roles}")

    def describe(self) -> str:
        return "Grant the application's roles their rights"

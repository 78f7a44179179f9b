from django.db import migrations

from core import rls

TABLE = "audit_entry"


class Migration(migrations.Migration):
    """Insert for nobody or for the declared organization; read the declared organization's alone; change nothing."""

    dependencies = [("audit", "0001_initial"), ("core", "0002_grants")]
    operations = [
        rls.append_only(TABLE),
        migrations.RunSQL(
            f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;"
            f"ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;"
            f"CREATE POLICY {TABLE}_tenant ON {TABLE} FOR SELECT"
            f" USING (organization_id = {rls.DECLARED});"
            f"CREATE POLICY {TABLE}_write ON {TABLE} FOR INSERT WITH CHECK (organization_id IS NULL"
            f" OR organization_id = NULLIF(current_setting('app.organization', true), '')::uuid);",
            f"DROP POLICY {TABLE}_write ON {TABLE};"
            f"DROP POLICY {TABLE}_tenant ON {TABLE};"
            f"ALTER TABLE {TABLE} NO FORCE ROW LEVEL SECURITY;"
            f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;",
        ),
    ]

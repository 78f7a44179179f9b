from django.db import migrations

from core import rls

TABLES = ["organizations_invitation", "organizations_limitwarning"]


class Migration(migrations.Migration):
    """The new tenant tables are guarded; the keys of invitations are read before a tenant is known (ruling 4)."""

    dependencies = [("organizations", "0003_roles_invitations_and_settings")]
    operations = [rls.row_level_security(table) for table in TABLES]

from django.db import migrations

from core import rls


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial"), ("core", "0002_grants")]
    operations = [rls.row_level_security("organizations_limits")]

from django.db import migrations

from core import rls


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [rls.Grants()]

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """A person reads what they did in every organization, and in none."""

    dependencies = [("audit", "0007_older_entries")]
    operations = [migrations.RunSQL((SQL / "of_person.sql").read_text(), "DROP FUNCTION audit_of_person;")]

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    """The chain: digests and links, made by PostgreSQL itself and out of the application's reach."""

    dependencies = [("audit", "0005_partitions")]
    operations = [migrations.RunSQL((SQL / "chain.sql").read_text(), (SQL / "chain_back.sql").read_text())]

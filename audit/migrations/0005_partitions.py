from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
GUARDED = (SQL / "guarded.sql").read_text()


class Migration(migrations.Migration):
    """The trail in partitions: one a quarter, one for all before, and a default that should stay empty.

    A partition is what retention can take away whole (audit_seal); ids sort by time, so lists by id read in order.
    """

    dependencies = [("audit", "0004_chain_columns")]
    operations = [
        migrations.RunSQL(
            (SQL / "partitions.sql").read_text() + GUARDED, (SQL / "partitions_back.sql").read_text() + GUARDED
        ),
        migrations.AddIndex("entry", models.Index(fields=["actor_id", "-id"], name="audit_actor")),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["real_actor_id", "-id"],
                name="audit_real_actor",
                condition=models.Q(real_actor_id__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "entry", models.Index(fields=["-id"], name="audit_critical", condition=models.Q(severity="critical"))
        ),
        migrations.AddIndex(
            "entry", models.Index(fields=["id"], name="audit_unlinked", condition=models.Q(sequence__isnull=True))
        ),
    ]

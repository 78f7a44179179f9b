import django.db.models.deletion
from django.db import migrations, models

from core import rls


class Migration(migrations.Migration):
    """Columns of the chain, and the tables beside it; PostgreSQL's functions and the owner alone write all but alerts."""

    dependencies = [("audit", "0003_where_and_how_grave")]
    operations = [
        *(
            migrations.AddField("entry", name, models.BinaryField(null=True))
            for name in ("salt", "personal_digest", "digest")
        ),
        migrations.AddField("entry", "sequence", models.BigIntegerField(null=True, verbose_name="place in the chain")),
        *(migrations.AddField("entry", name, models.BinaryField(null=True)) for name in ("previous", "hash")),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("chain", models.UUIDField(primary_key=True, serialize=False, verbose_name="organization")),
                ("sequence", models.BigIntegerField(verbose_name="last place")),
                ("hash", models.BinaryField()),
                ("updated", models.DateTimeField(verbose_name="updated")),
                ("burst", models.IntegerField(default=0)),
            ],
            options={"verbose_name": "chain", "verbose_name_plural": "chains"},
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "partition",
                    models.CharField(max_length=63, primary_key=True, serialize=False, verbose_name="partition"),
                ),
                ("archive", models.CharField(max_length=200, verbose_name="archive")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("entries", models.BigIntegerField(verbose_name="entries")),
                ("sealed_at", models.DateTimeField(auto_now_add=True, verbose_name="sealed")),
            ],
            options={"verbose_name": "seal", "verbose_name_plural": "seals", "ordering": ["partition"]},
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.UUIDField(verbose_name="organization")),
                ("first", models.BigIntegerField(verbose_name="first place")),
                ("last", models.BigIntegerField(verbose_name="last place")),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="anchors",
                        to="audit.seal",
                        verbose_name="seal",
                    ),
                ),
            ],
            options={
                "verbose_name": "anchor",
                "verbose_name_plural": "anchors",
                "constraints": [models.UniqueConstraint(fields=("chain", "first"), name="audit_anchor_place")],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("entry_id", models.UUIDField(primary_key=True, serialize=False)),
                ("action", models.CharField(max_length=60, verbose_name="action")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="mailed")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "indexes": [models.Index(fields=["action", "mailed_at"], name="audit_alert_action")],
            },
        ),
        *(rls.closed(table, rls.SYSTEM_ROLE) for table in ("audit_chain", "audit_seal", "audit_anchor")),
    ]

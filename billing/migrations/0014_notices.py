import core.ids
import django.db.models.deletion
from django.db import migrations, models

from core import rls


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0013_first_catalogue"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("reference", models.CharField(max_length=200, verbose_name="reference")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "reference"), name="notice_once"),
                ],
            },
        ),
        rls.row_level_security("billing_notice"),
    ]

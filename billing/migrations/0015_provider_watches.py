from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_notices")]
    operations = [
        migrations.CreateModel(
            name="ProviderWatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("listed_until", models.DateTimeField(blank=True, null=True, verbose_name="events listed until")),
                ("listed_at", models.DateTimeField(blank=True, null=True, verbose_name="last listed")),
                ("told_until", models.DateTimeField(blank=True, null=True, verbose_name="staff told until")),
                (
                    "late_told_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="staff told of what is late"),
                ),
            ],
            options={
                "verbose_name": "watch of a provider",
                "verbose_name_plural": "watches of providers",
                "constraints": [models.UniqueConstraint(fields=("provider", "livemode"), name="provider_watch_once")],
            },
        ),
    ]

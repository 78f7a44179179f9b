import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_payments_and_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsageDay",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("outline", "outline"),
                            ("words", "planned words"),
                            ("rewrite", "rewritten words"),
                            ("translate", "translated words"),
                            ("suggest", "words read for suggestions"),
                            ("idea", "ideas"),
                            ("chat", "answers in the chat"),
                            ("article", "article"),
                            ("image", "image"),
                            ("personalized", "personalized generation"),
                        ],
                        max_length=20,
                        verbose_name="act",
                    ),
                ),
                ("times", models.PositiveIntegerField(default=0, verbose_name="times")),
                ("units", models.PositiveBigIntegerField(default=0, verbose_name="units")),
                ("credits", models.PositiveBigIntegerField(default=0, verbose_name="credits")),
                ("cost_micros", models.PositiveBigIntegerField(default=0, verbose_name="cost of models")),
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
                "verbose_name": "usage of a day",
                "verbose_name_plural": "usage by day",
                "ordering": ["-day", "act"],
            },
        ),
        migrations.CreateModel(
            name="UsageRecord",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("outline", "outline"),
                            ("words", "planned words"),
                            ("rewrite", "rewritten words"),
                            ("translate", "translated words"),
                            ("suggest", "words read for suggestions"),
                            ("idea", "ideas"),
                            ("chat", "answers in the chat"),
                            ("article", "article"),
                            ("image", "image"),
                            ("personalized", "personalized generation"),
                        ],
                        max_length=20,
                        verbose_name="act",
                    ),
                ),
                ("subject_id", models.UUIDField(verbose_name="subject")),
                ("book_id", models.UUIDField(blank=True, null=True, verbose_name="book")),
                ("person_id", models.UUIDField(blank=True, null=True, verbose_name="person")),
                ("units", models.PositiveIntegerField(default=0, verbose_name="units")),
                ("credits", models.PositiveIntegerField(default=0, verbose_name="credits")),
                (
                    "cost_micros",
                    models.PositiveBigIntegerField(
                        blank=True, null=True, verbose_name="cost of models (millionths of a US dollar)"
                    ),
                ),
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
                "verbose_name": "usage record",
                "verbose_name_plural": "usage records",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="usageday",
            index=models.Index(fields=["day", "organization"], name="usage_day_all"),
        ),
        migrations.AddConstraint(
            model_name="usageday",
            constraint=models.UniqueConstraint(fields=("organization", "day", "act"), name="usage_day_once"),
        ),
        migrations.AddIndex(
            model_name="usagerecord",
            index=models.Index(fields=["organization", "-id"], name="usage_record_list"),
        ),
        migrations.AddConstraint(
            model_name="usagerecord",
            constraint=models.UniqueConstraint(fields=("subject_id", "act"), name="usage_record_once"),
        ),
    ]

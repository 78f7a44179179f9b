from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="address",
            field=models.GenericIPAddressField(null=True, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="entry",
            name="changes",
            field=models.JSONField(default=dict, verbose_name="before and after"),
        ),
        migrations.AddField(
            model_name="entry",
            name="personal",
            field=models.JSONField(default=dict, verbose_name="personal details"),
        ),
        migrations.AddField(
            model_name="entry",
            name="real_actor_id",
            field=models.UUIDField(null=True, verbose_name="real actor"),
        ),
        migrations.AddField(
            model_name="entry",
            name="real_actor_label",
            field=models.CharField(blank=True, max_length=254, verbose_name="real actor's name"),
        ),
        migrations.AddField(
            model_name="entry",
            name="request_id",
            field=models.CharField(blank=True, max_length=64, verbose_name="request"),
        ),
        migrations.AddField(
            model_name="entry",
            name="severity",
            field=models.CharField(
                choices=[("low", "low"), ("medium", "medium"), ("high", "high"), ("critical", "critical")],
                default="low",
                max_length=8,
                verbose_name="severity",
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="user_agent",
            field=models.CharField(blank=True, max_length=300, verbose_name="browser"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["low", "medium", "high", "critical"])), name="audit_severity_known"
            ),
        ),
    ]

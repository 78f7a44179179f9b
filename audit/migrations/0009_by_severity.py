from django.db import migrations, models


class Migration(migrations.Migration):
    """An organization's entries of one severity; the ordinary ones are nearly all, and need no index of their own."""

    dependencies = [("audit", "0008_of_one_person")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["organization_id", "severity", "-id"],
                name="audit_severity",
                condition=models.Q(severity__in=["medium", "high", "critical"]),
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0015_provider_watches")]

    operations = [
        migrations.AddIndex("usagerecord", models.Index(fields=["updated_at"], name="usage_record_changed")),
    ]

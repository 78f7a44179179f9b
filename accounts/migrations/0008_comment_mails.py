"""Whether somebody wants e-mails about comments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_tries_of_data_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mails_about_comments",
            field=models.BooleanField(default=True, verbose_name="e-mail me when somebody mentions me or answers me"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_row_level_security_of_new_tables")]

    operations = [
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["organization", "role", "id"], name="membership_list_by_role"),
        ),
    ]

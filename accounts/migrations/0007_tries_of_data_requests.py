from django.db import migrations, models


class Migration(migrations.Migration):
    """How often a copy of somebody's data was tried."""

    dependencies = [("accounts", "0006_first_legal_texts")]
    operations = [
        migrations.AddField(
            model_name="datarequest",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
        ),
    ]

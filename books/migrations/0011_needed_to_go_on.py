from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0010_room_for_sources")]
    operations = [
        migrations.AddField(
            model_name="run",
            name="needed_micros",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="needed to go on"),
        ),
    ]

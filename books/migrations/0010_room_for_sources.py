from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0009_search_and_erasure")]
    operations = [
        migrations.AddField(
            model_name="run",
            name="passage_words",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="words of sources per section"),
        ),
    ]

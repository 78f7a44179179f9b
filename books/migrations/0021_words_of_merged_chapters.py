from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0020_deleted_comments")]
    operations = [
        migrations.AlterField("chapter", "planned_words", models.PositiveIntegerField(verbose_name="planned words")),
    ]

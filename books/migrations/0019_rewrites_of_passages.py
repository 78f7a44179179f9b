from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("books", "0018_versions_are_packed")]
    operations = [
        migrations.RemoveConstraint(model_name="rewrite", name="rewrite_one_open_per_chapter"),
        migrations.AddField(
            model_name="rewrite",
            name="is_whole",
            field=models.BooleanField(default=True, verbose_name="of the whole chapter"),
        ),
        migrations.AddConstraint(
            model_name="rewrite",
            constraint=models.UniqueConstraint(
                fields=["chapter"],
                condition=models.Q(decision="open", is_whole=True),
                name="rewrite_one_open_per_chapter",
            ),
        ),
    ]

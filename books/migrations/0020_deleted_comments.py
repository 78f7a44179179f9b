"""Threads whose first comment is deleted; suggestions whose places move with every key are in no index by place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0019_rewrites_of_passages"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="deleted_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="deleted"),
        ),
        migrations.RemoveIndex(model_name="suggestion", name="suggestion_in_chapter"),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["chapter", "state", "id"], name="suggestion_in_chapter"),
        ),
    ]

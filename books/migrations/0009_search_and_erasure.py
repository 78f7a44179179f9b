import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0008_row_level_security_of_new_tables"),
        ("organizations", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="book",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erased"),
        ),
        migrations.AddField(
            model_name="book",
            name="folded",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    django.db.models.functions.text.Concat(
                        "title",
                        models.Value("\n"),
                        "subtitle",
                        models.Value("\n"),
                        "topic",
                        models.Value("\n"),
                        "byline",
                    ),
                    output_field=models.TextField(),
                    template="LEFT(REPLACE(REPLACE(NORMALIZE(REGEXP_REPLACE(NORMALIZE(LOWER(%(expressions)s), NFD), '[\\u0300-\\u036f]', '', 'g'), NFC), 'œ', 'oe'), 'æ', 'ae'), 600)",
                ),
                output_field=models.TextField(),
                verbose_name="search text",
            ),
        ),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(fields=["organization", "-content_changed_at", "-id"], name="book_list_by_change"),
        ),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(fields=["organization", "folded", "id"], name="book_list_by_title"),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.CheckConstraint(
                condition=models.Q(("erased_at__isnull", True), ("trashed_at__isnull", False), _connector="OR"),
                name="book_erased_from_trash",
            ),
        ),
    ]

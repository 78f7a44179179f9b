from django.db import migrations, models


def stored_bytes(name):
    """An organization's sum of sizes, from the index alone."""
    return models.Index(fields=["organization"], include=["size"], condition=models.Q(size__gt=0), name=name)


class Migration(migrations.Migration):
    dependencies = [("books", "0012_one_index_for_newest")]

    operations = [
        migrations.AddIndex(
            model_name="book",
            index=models.Index(
                fields=["organization"], condition=models.Q(trashed_at__isnull=True), name="book_counted"
            ),
        ),
        migrations.AddIndex(model_name="export", index=stored_bytes("export_bytes")),
        migrations.AddIndex(model_name="bundle", index=stored_bytes("bundle_bytes")),
        migrations.AddIndex(model_name="source", index=stored_bytes("source_bytes")),
    ]

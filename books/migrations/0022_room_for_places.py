"""Places beside a text move with every key typed before them: with room in each page no index has to follow."""

from django.db import migrations

TABLES = ["books_comment", "books_suggestion"]


class Migration(migrations.Migration):
    dependencies = [("books", "0021_words_of_merged_chapters")]
    operations = [
        migrations.RunSQL(f"ALTER TABLE {table} SET (fillfactor = 50);", f"ALTER TABLE {table} RESET (fillfactor);")
        for table in TABLES
    ]

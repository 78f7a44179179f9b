from django.db import migrations, models

from core import rls

TABLES = [
    "books_revision",
    "books_revisionchapter",
    "books_comment",
    "books_mention",
    "books_review",
    "books_suggestion",
    "books_picture",
    "books_collaborator",
    "books_sharelink",
    "books_visitcount",
]
PARENTS = [
    ("books_revision", "book_id", "books_book"),
    ("books_revisionchapter", "book_id", "books_book"),
    ("books_revisionchapter", "chapter_id", "books_chapter"),
    ("books_revisionchapter", "version_id", "books_chapterversion"),
    ("books_comment", "book_id", "books_book"),
    ("books_comment", "chapter_id", "books_chapter"),
    ("books_comment", "thread_id", "books_comment"),
    ("books_mention", "comment_id", "books_comment"),
    ("books_review", "chapter_id", "books_chapter"),
    ("books_review", "run_id", "books_run"),
    ("books_suggestion", "book_id", "books_book"),
    ("books_suggestion", "chapter_id", "books_chapter"),
    ("books_suggestion", "run_id", "books_run"),
    ("books_picture", "book_id", "books_book"),
    ("books_collaborator", "book_id", "books_book"),
    ("books_sharelink", "book_id", "books_book"),
    ("books_visitcount", "book_id", "books_book"),
    ("books_visitcount", "link_id", "books_sharelink"),
]
# Django's exclusion constraints know GiST alone, which would need an extension for these types; a btree serves.
ONE_PLACE = (
    "ALTER TABLE books_chapter ADD CONSTRAINT chapter_position_once"
    " EXCLUDE USING btree (book_id WITH =, position WITH =) WHERE (trashed_at IS NULL) DEFERRABLE INITIALLY DEFERRED;"
)


class Migration(migrations.Migration):
    dependencies = [("books", "0017_pack_versions"), ("core", "0002_grants")]
    operations = [
        migrations.AlterField("chapterversion", "markdown", models.TextField(default="", verbose_name="text")),
        migrations.RemoveField("chapterversion", "markdown"),
        migrations.RunSQL(ONE_PLACE, "ALTER TABLE books_chapter DROP CONSTRAINT chapter_position_once;"),
        *[rls.row_level_security(table) for table in TABLES],
        *[rls.same_organization(*parent) for parent in PARENTS],
    ]

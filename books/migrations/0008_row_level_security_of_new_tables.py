from django.db import migrations

from core import rls

TABLES = [
    "books_chapterversion",
    "books_rewrite",
    "books_readingplace",
    "books_source",
    "books_sourcepassage",
    "books_passageuse",
    "books_chat",
    "books_chatturn",
    "books_spendingcaps",
    "books_spendingwarning",
    "books_download",
    "books_bundle",
    "books_bundleitem",
]
PARENTS = [
    ("books_chapterversion", "chapter_id", "books_chapter"),
    ("books_rewrite", "chapter_id", "books_chapter"),
    ("books_rewrite", "run_id", "books_run"),
    ("books_readingplace", "book_id", "books_book"),
    ("books_readingplace", "chapter_id", "books_chapter"),
    ("books_source", "book_id", "books_book"),
    ("books_sourcepassage", "source_id", "books_source"),
    ("books_passageuse", "run_id", "books_run"),
    ("books_passageuse", "passage_id", "books_sourcepassage"),
    ("books_chat", "book_id", "books_book"),
    ("books_chatturn", "chat_id", "books_chat"),
    ("books_chatturn", "run_id", "books_run"),
    ("books_spendingwarning", "run_id", "books_run"),
    ("books_download", "export_id", "books_export"),
    ("books_bundleitem", "bundle_id", "books_bundle"),
    ("books_bundleitem", "export_id", "books_export"),
]


class Migration(migrations.Migration):
    dependencies = [("books", "0007_downloads_and_bundles"), ("core", "0002_grants")]
    operations = [
        *[rls.row_level_security(table) for table in TABLES],
        *[rls.same_organization(*parent) for parent in PARENTS],
    ]

from django.db import migrations

from core import rls

TABLES = [
    "books_book",
    "books_chapter",
    "books_run",
    "books_outlineentry",
    "books_step",
    "books_languagemodelcall",
    "books_export",
]
PARENTS = [
    ("books_chapter", "book_id", "books_book"),
    ("books_run", "book_id", "books_book"),
    ("books_outlineentry", "run_id", "books_run"),
    ("books_step", "run_id", "books_run"),
    ("books_step", "chapter_id", "books_chapter"),
    ("books_languagemodelcall", "run_id", "books_run"),
    ("books_languagemodelcall", "step_id", "books_step"),
    ("books_export", "book_id", "books_book"),
]


class Migration(migrations.Migration):
    dependencies = [("books", "0001_initial"), ("core", "0002_grants")]
    operations = [
        *[rls.row_level_security(table) for table in TABLES],
        *[rls.same_organization(*parent) for parent in PARENTS],
    ]

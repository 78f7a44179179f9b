"""The newest books are read backwards from the unique index of organization and id: a second one had to be kept for nothing."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("books", "0011_needed_to_go_on")]

    operations = [migrations.RemoveIndex(model_name="book", name="book_list")]

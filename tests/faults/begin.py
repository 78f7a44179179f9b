"""`python -m tests.faults.begin TITLE CHAPTERS WORDS`: start a run by the same actions as the site; prints its id."""

import os
import sys

import django


def main() -> None:
    """Open the account if there is none, make the book, start its run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from books.management.commands.write_book import account, begin
    from core import tenancy
    from organizations.actions import ensure_personal_organization
    from tests import builders

    title, chapters, words = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    author = account("faults@scriptorium.localhost")
    organization = ensure_personal_organization(person=author)
    builders.lift_limits(organization)
    options = {"title": title, "topic": "Keeping bees", "chapters": chapters, "words": words, "language": "en"}
    with tenancy.declared(organization.pk):
        sys.stdout.write(str(begin(organization, author, options).pk))


if __name__ == "__main__":
    main()

"""`python -m tests.faults.order KIND`: order a rewrite or a review of a long chapter; prints the run's id."""

import os
import sys

import django

TEXT = "\n\n".join(
    f"Paragraph {number} speaks of hives and of roofs. It has a second sentence. Its third one ends the paragraph here."
    for number in range(24)
)


def main() -> None:
    """Plant the chapter of somebody's book and order by the same actions as the site."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from books.actions.reviews import order_review
    from books.actions.rewrites import Wanted, order_rewrite
    from books.management.commands.write_book import account
    from books.models import RewriteTask
    from core import tenancy
    from core.text import count_words
    from organizations.actions import ensure_personal_organization
    from tests import builders

    author = account("faults@scriptorium.localhost")
    organization = ensure_personal_organization(person=author)
    builders.lift_limits(organization)
    book = builders.make_book(organization, author, status="review")
    chapter = builders.make_chapter(book, markdown=TEXT, word_count=count_words(TEXT))
    with tenancy.declared(organization.pk):
        if sys.argv[1] == "review":
            kinds = ["style", "coherence"]
            made = order_review(chapter=chapter, by=author, kinds=kinds, chosen=None, accepted_credits=1).run_id
        else:
            wanted = Wanted(RewriteTask.LENGTHEN)
            made = order_rewrite(chapter=chapter, by=author, wanted=wanted, accepted_credits=1).run_id
    sys.stdout.write(str(made))


if __name__ == "__main__":
    main()

"""`python -m tests.browser.planted_notes FIRST END`: pairs of people who comment on a chapter; and notes to look at."""

import json
import os
import sys
from typing import Any

import django

from tests.browser.planted_saving import signed_in
from tests.browser.site import PASSWORD

TEXT = """A roof is a meadow that nobody mows.

The bees knows it, and they comes back every evening.

In winter nobody fly."""


def main() -> None:
    """Plant the pairs of these numbers and print, as JSON, what tests need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps([pair(number) for number in range(*map(int, sys.argv[1:]))]))


def pair(number: int) -> list[dict[str, Any]]:
    """Ada, whose book it is, and Carl, who may comment on it, at the same chapter."""
    from tests import builders

    organization = builders.make_organization(name=f"Notes {number}", slug=f"notes-{number}")
    names = {"owner": "Ada Author", "guest": "Carl Commenter"}
    ada, carl = (
        builders.make_member(
            organization, role, display_name=name, password=PASSWORD, email=f"{role}-{number}@notes.example.org"
        )
        for role, name in names.items()
    )
    book = builders.make_book(organization, ada)
    chapter = builders.make_chapter(book, markdown=TEXT, word_count=21)
    builders.make_collaborator(book, carl, role="commenter")
    return [signed_in(person, organization.slug, f"books/{book.pk}/chapters/{chapter.pk}/") for person in (ada, carl)]


def noted(organization: Any, person: Any) -> dict[str, str]:
    """A chapter with threads and suggestions of every kind, and a book without any."""
    from django.utils import timezone

    from tests import builders

    book = builders.make_book(organization, person, title="Read by Many", palette="teal", status="review")
    chapter = builders.make_chapter(book, markdown=TEXT, word_count=21)
    own = builders.make_comment(chapter, person, quote="a meadow that nobody mows", text="Lovely.\n\nKeep it.")
    builders.make_comment(chapter, person, thread=own, text="Agreed, with one doubt about “nobody”.")
    builders.make_comment(chapter, person, quote="wasps", start=3, end=3, text="These were wasps, were they not?")
    builders.make_comment(chapter, person, text="Done.", resolved_at=timezone.now(), resolved_by=person)
    builders.make_suggestion(chapter, "knows", "know", kind="grammar", severity="error", reason="Many bees know.")
    builders.make_suggestion(chapter, "comes", "come", kind="grammar", severity="error")
    builders.make_suggestion(chapter, "every evening", "at dusk", source="person", source_name="", author=person)
    builders.make_suggestion(chapter, "moth", "bee", start=3, end=5, kind="fact_check", severity="critical")
    decided = {"state": "rejected", "decided_by": person, "decided_at": timezone.now(), "decision": own.pk}
    builders.make_suggestion(chapter, "winter", "January", severity="warning", **decided)
    bare = builders.make_book(organization, person, title="Read by Nobody Yet")
    builders.make_chapter(bare)
    below, beside = f"books/{book.pk}/", f"books/{book.pk}/chapters/{chapter.pk}/"
    return {
        "comments": f"{below}comments/",
        "comments filtered": f"{below}comments/?state=all&q=nothing+like+it",
        "comments none": f"books/{bare.pk}/comments/",
        "comments beside": f"{beside}comments/?state=all",
        "comment": f"{below}comments/{own.pk}/",
        "comment edit": f"{below}comments/{own.pk}/edit/",
        "comment delete": f"{below}comments/{own.pk}/delete/",
        "suggestions": f"{below}suggestions/?state=all",
        "suggestions filtered": f"{below}suggestions/?q=nothing+like+it",
        "suggestions none": f"books/{bare.pk}/suggestions/",
        "suggestions beside": f"{beside}suggestions/",
        "suggestion text": f"{beside}suggestions/text/",
        "studio with notes": f"{beside}edit/",
    }


if __name__ == "__main__":
    main()

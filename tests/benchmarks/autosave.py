"""What a save costs the server: a long chapter full of comments and suggestions, beside a bare page."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.benchmarks.clock import fastest
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from accounts.models import User
    from books.models import Chapter

ROUNDS = 40
PARAGRAPHS, WORDS = 125, 80  # ten thousand words
COMMENTS, SUGGESTIONS = 500, 2000
PARAGRAPH = " ".join(f"word{number}" for number in range(WORDS - 1))
TEXT = "\n\n".join(f"Paragraph{number} {PARAGRAPH}" for number in range(PARAGRAPHS))


def benchmark(site: Site) -> Iterator[Row]:
    """Milliseconds of a save over a bare page, in the middle of the text and at its end, and its queries."""
    from tests import builders
    from tests.benchmarks import bare
    from tests.benchmarks.runs import signed_in

    with override_settings(ROOT_URLCONF=bare.__name__):
        bare.repeat([])
        person = builders.make_person()
        chapters = {"empty margins": chapter(person, 0, 0), "full margins": chapter(person, COMMENTS, SUGGESTIONS)}
        site.analyze()
        browser = signed_in(person)
        asked = {}
        for name, one in chapters.items():
            writer = Writer(browser, one)
            writer.save()
            asked[name] = writer.queries()
            plain, save = fastest(lambda: browser.get("/bare/"), writer.save, rounds=ROUNDS)
            sides = f"{save:.1f} ms, bare page {plain:.1f} ms; {asked[name]} queries"
            yield Row(f"autosave − bare page, {name}", f"{save - plain:.1f} ms", "≤ 50 ms", sides)
            yield Row(f"autosave ÷ bare page, {name}", f"{save / plain:.1f}", "none", sides)
        rise = asked["full margins"] - asked["empty margins"]
        yield Row("queries for full margins", f"{rise:+d}", "≤ +4", "two tables of places, read and written at once")


class Writer:
    """Types one word into the middle of a chapter and saves, again and again."""

    def __init__(self, browser: Client, written: "Chapter") -> None:
        self.browser, self.version, self.text = browser, written.version, written.markdown
        self.numbers = count(1)
        slug = written.organization.slug
        self.address = reverse("books:save", args=[slug, written.book_id, written.pk])

    def save(self) -> None:
        """One more word, stored."""
        middle = self.text.index(" word40", len(self.text) // 2)
        self.text = f"{self.text[:middle]} more{next(self.numbers)}{self.text[middle:]}"
        sent = {"version": self.version, "markdown": self.text}
        answer = self.browser.post(self.address, sent, headers={"accept": "application/json"})
        if answer.status_code != 200:
            raise RuntimeError(f"a save was answered {answer.status_code}")
        self.version = answer.json()["version"]

    def queries(self) -> int:
        """How many a save asks."""
        with CaptureQueriesContext(connection) as captured:
            self.save()
        return len(captured)


@transaction.atomic
def chapter(person: "User", comments: int, suggestions: int) -> "Chapter":
    """A chapter of ten thousand words with that much in its margins, all over the text."""
    from books.models import Comment, Suggestion
    from core import tenancy
    from organizations.models import Membership, Role
    from tests import builders

    organization = builders.make_organization()
    Membership.objects.create(organization=organization, person=person, role=Role.OWNER)
    written = builders.make_chapter(
        builders.make_book(organization, person), markdown=TEXT, word_count=PARAGRAPHS * WORDS
    )
    anchor = {"organization": organization, "book": written.book, "chapter": written, "author": person}
    with tenancy.declared(organization.pk):
        Comment.objects.bulk_create(
            Comment(**anchor, start=start, end=end, quote=TEXT[start:end], text="Is that so?")
            for start, end in places(comments)
        )
        Suggestion.objects.bulk_create(
            Suggestion(
                **anchor, start=start, end=end, quote=TEXT[start:end], proposal="better", kind="style", source="person"
            )
            for start, end in places(suggestions)
        )
    return written


def places(number: int) -> list[tuple[int, int]]:
    """So many passages of ten characters, evenly over the text."""
    step = (len(TEXT) - 10) // max(1, number)
    return [(place * step, place * step + 10) for place in range(number)]

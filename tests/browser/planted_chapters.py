"""`python -m tests.browser.planted_chapters COUNT`: people with chapters to arrange, as JSON; and books to look at."""

import json
import os
import sys
from typing import Any

import django
from django.utils import timezone

from tests.browser.planted_saving import signed_in

TEXT = (
    "A roof is a meadow that nobody mows, and the first hive stands in it as a guest.\n\n"
    "Two hundred bees came home before the rain, and none of them was wet.\n\n"
    "## In winter\n\nThe cluster turns slowly, like a planet made of wings.\n\nImported from an older book."
)
FIVE = "A roof is a meadow that nobody mows.\n\nThe bees know it."
LONG = "L" * 60 + " and a title that goes on for quite some time, as the titles of old travel books do"


def arranged(organization: Any, person: Any) -> dict[str, str]:
    """A book of chapters in every state, one of them in the trash; and a book without any."""
    from tests import builders

    book = builders.make_book(organization, person, status="review", title="A Year of Bees", palette="teal")
    first = builders.make_chapter(
        book, title="Spring", markdown=TEXT, word_count=47, planned_words=60, **_labels(person)
    )
    builders.make_chapter(book, position=2, title=LONG, markdown=TEXT, word_count=47, planned_words=40)
    one = builders.make_chapter(book, position=3, title="Autumn", markdown="One line.", word_count=2, planned_words=800)
    last = builders.make_chapter(book, position=4, title="Winter", markdown="", word_count=0, planned_words=1500)
    thrown = builders.make_chapter(book, position=2, title="A false start", trashed_at=timezone.now())
    bare = builders.make_book(organization, person, title="No Chapters at All")
    empty = builders.make_chapter(
        builders.make_book(organization, person, title="Only a Title"), markdown="", word_count=0
    )
    below, without = f"books/{book.pk}/", f"books/{bare.pk}/"
    return {
        "chapters": f"{below}chapters/",
        "chapters none": f"{without}chapters/",
        "chapters trash": f"{below}chapters/trash/",
        "chapters trash none": f"{without}chapters/trash/",
        "chapter edit": f"{below}chapters/{first.pk}/arrange/",
        "chapter split": f"{below}chapters/{first.pk}/split/",
        "chapter split at": f"{below}chapters/{first.pk}/split/?at=100",
        "chapter split nothing": f"{below}chapters/{one.pk}/split/",
        "chapter merge": f"{below}chapters/{first.pk}/merge/",
        "chapter merge last": f"{below}chapters/{last.pk}/merge/",
        "chapter erase": f"{below}chapters/{thrown.pk}/erase/",
        "replace": f"{below}replace/",
        "replace found": f"{below}replace/?find=bee&replace=wasp",
        "replace nowhere": f"{below}replace/?find=nothing+like+it",
        "origins": f"{below}origins/",
        "origins none": f"{without}origins/",
        "origin": f"{below}chapters/{first.pk}/origin/",
        "origin none": f"books/{empty.book_id}/chapters/{empty.pk}/origin/",
    }


def _labels(person: Any) -> dict[str, Any]:
    """A model's text that a person edited and reviewed, with a paragraph of their own and an imported one."""
    own = str(person.pk)
    labels = [
        {"source": "model", "name": "scripted", "reviewed": own, "on": "2026-11-20"},
        {"source": "model", "name": "scripted", "edited": [own]},
        {"source": "person", "name": own},
        {"source": "person", "name": own},
        {"source": "import", "name": "old-book.docx"},
    ]
    words = {"model:scripted": 29, own: 13, "import:old-book.docx": 5, "edited": 13, "reviewed": 16}
    return {"labels": labels, "label_words": words}


def main() -> None:
    """Plant people with a book of five chapters each, and print what tests need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps([arranger(number) for number in range(int(sys.argv[1]))]))


def arranger(number: int) -> dict[str, Any]:
    """Somebody with a book of five chapters."""
    from tests import builders

    organization = builders.make_organization(name=f"Order {number}", slug=f"order-{number}")
    person = builders.make_member(
        organization, "owner", display_name="Orla Order", email=f"o{number}@order.example.org"
    )
    book = builders.make_book(organization, person, status="review")
    chapters = [
        builders.make_chapter(book, position=position, title=title, markdown=FIVE, word_count=12)
        for position, title in enumerate(["One", "Two", "Three", "Four", "Five"], 1)
    ]
    made = signed_in(person, organization.slug, f"books/{book.pk}/chapters/{chapters[0].pk}/")
    made["books"] |= {"chapters": f"books/{book.pk}/chapters/", "replace": f"books/{book.pk}/replace/"}
    return made


if __name__ == "__main__":
    main()

"""`python -m tests.browser.planted_saving COUNT`: pairs of people who work on one chapter, as JSON."""

import json
import os
import sys
from typing import Any

import django

from tests.browser.site import PASSWORD

TEXT = "The first hive stands on a roof.\n\nIn June there is honey.\n\nIn winter nobody flies."


def main() -> None:
    """Plant them and print what tests need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps([pair(number) for number in range(int(sys.argv[1]))]))


def pair(number: int) -> list[dict[str, Any]]:
    """Ada, whose book it is, and Ben, who may edit it; `books["chapter"]` is its first chapter in the studio."""
    from django.db import transaction
    from django.utils import timezone

    from books.models import Collaborator
    from core import tenancy
    from tests import builders

    organization = builders.make_organization(name=f"House {number}", slug=f"house-{number}")
    names = {"owner": "Ada Author", "guest": "Ben Both"}
    people = [
        builders.make_member(
            organization, role, display_name=name, password=PASSWORD, email=f"{role}-{number}@saving.example.org"
        )
        for role, name in names.items()
    ]
    book = builders.make_book(organization, people[0])
    chapter = builders.make_chapter(book, markdown=TEXT, word_count=16)
    builders.make_chapter(book, position=2, title="The Second")
    with tenancy.declared(organization.pk), transaction.atomic():
        Collaborator.objects.create(
            organization=organization, book=book, email=people[1].email, person=people[1], role="editor",
            state="active", accepted_at=timezone.now(), invited_by=people[0],
        )  # fmt: skip
    return [signed_in(person, organization.slug, f"books/{book.pk}/chapters/{chapter.pk}/") for person in people]


def crowded(organization: Any, person: Any) -> dict[str, str]:
    """A book that several people have open, for longer than anybody says so; and one that nobody has."""
    import time

    from books.queries.presence import place_of
    from core import events, presence
    from core.ids import new_id
    from tests import builders

    book = builders.make_book(organization, person, title="Written by Many")
    chapters = [builders.make_chapter(book, position=number, title=f"Part {number}") for number in (1, 2)]
    guests = [builders.make_member(organization, "guest", display_name=f"Guest {number}") for number in range(5)]
    for number, one in enumerate([person, *guests]):
        place = None if number == 5 else chapters[number % 2].pk
        line = place_of(one, place, new_id())
        events.client().zadd(f"{presence.PREFIX}{book.pk}", {line: time.time() + 3600})
    empty = builders.make_book(organization, person, title="Written by Nobody")
    return {"people": f"books/{book.pk}/people/", "people none": f"books/{empty.pk}/people/"}


def signed_in(person: Any, slug: str, chapter: str) -> dict[str, Any]:
    """What a browser of theirs needs."""
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(person)
    return {
        "email": person.email,
        "password": PASSWORD,
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "slug": slug,
        "books": {"chapter": chapter, "studio": f"{chapter}edit/"},
    }


if __name__ == "__main__":
    main()

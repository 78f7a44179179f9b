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

"""`python -m tests.browser.planted_sharing FIRST END`: authors with a book to share; and the pages about it to look at.

Those show a book with collaborators, links, visits and a public page, and one with none of it.
"""

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django
from django.utils import timezone

from tests.browser.planted_saving import signed_in
from tests.browser.site import PASSWORD

TEXT = "A roof is a meadow that nobody mows.\n\n> The city has more lime trees than benches.\n\nThe bees know it."


def main() -> None:
    """Plant the authors of these numbers and print, as JSON, what tests need to know: the even ones read French."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps([author(number) for number in range(*map(int, sys.argv[1:]))]))


def author(number: int) -> dict[str, Any]:
    """Nina and her book of two chapters, of which nobody knows yet."""
    from tests import builders

    organization = builders.make_organization(name=f"Readers {number}", slug=f"readers-{number}")
    nina = builders.make_member(
        organization, "owner", display_name="Nina Author", password=PASSWORD, language=["fr", "en"][number % 2],
        email=f"nina-{number}@readers.example.org",
    )  # fmt: skip
    book = builders.make_book(organization, nina, title="Honey Above the Traffic", status="review")
    chapters = [
        builders.make_chapter(book, position=place, title=title, markdown=TEXT, word_count=21)
        for place, title in enumerate(["On the Balcony", "What Flowers When"], 1)
    ]
    below = f"books/{book.pk}/"
    known = signed_in(nina, organization.slug, f"{below}chapters/{chapters[0].pk}/")
    return known | {"books": known["books"] | {"book": below}}


def shared(organization: Any, person: Any) -> dict[str, str]:
    """Grants in every state, links in every state, thirty days of visits; a published book; one with nothing."""
    from tests import builders

    now = timezone.now()
    book = builders.make_book(
        organization, person, title="Honey Above the Traffic", subtitle="A Year with Four Hives", palette="plum",
        status="published", visibility="public", blurb="Twelve months on a roof, told month by month.",
    )  # fmt: skip
    for place, title in enumerate(["On the Balcony", "What Flowers When"], 1):
        builders.make_chapter(book, position=place, title=title, markdown=TEXT, word_count=21)
    friend = builders.make_member(organization, "guest", display_name="Ada Averyveryverylongname-Withahyphen")
    active = builders.make_collaborator(book, friend, role="editor")
    former = builders.make_member(organization, "guest", display_name="Fred Former")
    builders.make_collaborator(book, former, state="inactive", ended_at=now)
    token, key = f"collaborator-{book.pk}", book.pk.hex
    waiting = builders.make_collaborator(book, None, token=token, message="Come and look at my bees.", role="commenter")
    builders.make_collaborator(book, None, email="late@example.org", expires_at=now - timedelta(days=1))
    link = builders.make_link(book, f"open-{key}", label="Ada, my agent", expires_at=now + timedelta(days=9))
    builders.make_link(book, f"closed-{key}", password="argon2$none", label="Behind a password")
    builders.make_link(book, f"revoked-{key}", revoked_at=now)
    builders.make_link(book, f"expired-{key}", expires_at=now - timedelta(days=1))
    builders.make_visits(book, link)
    builders.publish(book, slug := f"honey-{key}")
    bare = builders.make_book(organization, person, title="Rain Alone", status="review")
    builders.make_chapter(bare, markdown=TEXT, word_count=21)
    lent = builders.make_book(organization, friend, title="Lent by a Friend")
    builders.make_collaborator(lent, person, role="editor")
    of_book, of_bare, of_lent = f"books/{book.pk}/", f"books/{bare.pk}/", f"books/{lent.pk}/"
    return {
        "collaborators": f"{of_book}collaborators/",
        "collaborators none": f"{of_bare}collaborators/",
        "collaborators nothing like it": f"{of_book}collaborators/?q=nothing+like+it",
        "collaborator new": f"{of_book}collaborators/new/",
        "collaborator": f"{of_book}collaborators/{active.pk}/",
        "collaborator end": f"{of_book}collaborators/{active.pk}/end/",
        "collaborator withdraw": f"{of_book}collaborators/{waiting.pk}/end/",
        "collaborator leave": f"{of_lent}leave/",
        "shares": f"{of_book}sharing/",
        "shares none": f"{of_bare}sharing/",
        "share revoke": f"{of_book}sharing/{link.pk}/revoke/",
        "publishing": f"{of_book}publishing/",
        "publishing first": f"{of_bare}publishing/",
        "visits": f"{of_book}visits/",
        "visits none": f"{of_bare}visits/",
        "join": f"/books/join/{token}/",
        "shared": f"/s/open-{key}/",
        "shared chapter": f"/s/open-{key}/1/",
        "shared password": f"/s/closed-{key}/",
        "public book": f"/read/{slug}/",
        "public chapter": f"/read/{slug}/2/",
    }


if __name__ == "__main__":
    main()

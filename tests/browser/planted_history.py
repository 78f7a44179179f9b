"""A book with a history: revisions of every kind, chapters changed, moved, renamed, added and thrown away since."""

from typing import Any

FIRST = """A roof is a meadow that nobody mows, and the *first hive* stands in it as a guest.

Carry the boxes up in the evening, when the flight is over. Then wait.[^1]

> What the city has too much of is warmth; bees make use of it.

* * *

By June there are three kinds of honey: lime, clover, and one that nobody can name.

Nothing else is needed but patience.

Not even gloves, some say.

They are wrong, and learn it soon.

[^1]: A week is enough."""
SECOND = """By June there are three kinds of honey: lime, clover, and one that nobody can name.

A roof is a meadow that nobody mows, and the *first hive* stands in its middle as a queen.

Carry the boxes up in the evening, when the flight is over. Then wait.[^1]

> What the city has too much of is warmth; bees make use of it.

* * *

Nothing else is needed but patience.

They are wrong, and learn it soon.

And those who have learned it keep a second pair for their guests.

[^1]: A week is enough."""


def remembered(organization: Any, person: Any) -> dict[str, str]:
    """Addresses of its history, and of one that has none."""
    from django.db import transaction
    from django.utils import timezone

    from books.models import RevisionKind, VersionOrigin
    from books.models.provenance import Hand
    from books.transitions import texts
    from core import tenancy
    from tests import builders

    book = builders.make_book(organization, person, status="review", title="The Year of the Four Hives", palette="teal")
    titles = ["The First Hive", "What Blooms Between the Walls", "Honey, and When to Leave It", "Winter"]
    chapters = [
        builders.make_chapter(book, position=place, title=title, markdown=FIRST, word_count=87)
        for place, title in enumerate(titles, 1)
    ]
    first = builders.make_revision(book, kind=RevisionKind.GENERATED, message="")
    with tenancy.declared(organization.pk), transaction.atomic():
        hand = {"hand": Hand.of_person(person.pk), "origin": VersionOrigin.EDITED, "by": person}
        texts.replace(texts.lock(chapters[0]), SECOND, **hand)
        texts.replace(texts.lock(chapters[1]), f"{FIRST}\n\nOne more.", **hand)
        texts.rename(texts.lock(chapters[2]), "Honey, and When to Let It Be", by=person)
    second = builders.make_revision(book, by=person, message="As the first readers had it, before their many remarks")
    with tenancy.declared(organization.pk), transaction.atomic():
        chapters[3].trashed_at = timezone.now()
        chapters[3].save()
    builders.make_chapter(book, position=4, title="The Second Winter", markdown="Snow.", word_count=1)
    bare = builders.make_book(organization, person, status="review", title="Nothing Yet")
    below, versions = f"books/{book.pk}/history/", f"books/{book.pk}/chapters/{chapters[0].pk}/versions/"
    return {
        "history": below,
        "history none": f"books/{bare.pk}/history/",
        "history nothing like it": f"{below}?q=nothing+like+it",
        "compare": f"{below}compare/?old={first.pk}&new={second.pk}",
        "compare opened": f"{below}compare/?old={first.pk}&chapter={chapters[0].pk}",
        "compare nothing": f"books/{bare.pk}/history/compare/",
        "revision": f"{below}{first.pk}/",
        "revision chapter": f"{below}{first.pk}/{chapters[1].pk}/",
        "revision restore": f"{below}{first.pk}/restore/",
        "versions compare": f"{versions}compare/?old=1",
        "versions compare inline": f"{versions}compare/?old=1&view=inline",
        "versions edited": versions,
    }

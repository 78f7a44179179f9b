"""`python -m tests.browser.studio_population COUNT`: people at a chapter of their own, as JSON; studios to look at."""

import json
import os
import sys
import uuid
from typing import Any

import django

from tests.browser.planted_saving import signed_in

# Everything the editor shows otherwise than it is typed.
SHOWN = """# The First Spring

A roof is a meadow that **nobody** mows, and the *first hive* stands in it as a guest.[^1]

> What the city has too much of is warmth; bees make use of it.

- A smoker
- Gloves:
  - leather ones
  - thin ones

1. Open the hive
2. Close the hive

* * *

| Month | Honey | Jars |
|:------|:-----:|-----:|
| May   | lime  | 12   |
| June  | *clover* | 140 |

See [the rules](https://example.org/rules) and `hive.open()`; ~~never~~ rarely.

![A hive on a roof](https://example.org/hive.png)

[^1]: A week is enough.
"""


def main() -> None:
    """Plant them and print what tests need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.stdout.write(json.dumps([writer(number) for number in range(int(sys.argv[1]))]))


def writer(number: int) -> dict[str, Any]:
    """Somebody with a book of three chapters, the one in the middle in the studio; the first book is French."""
    from tests import builders

    # Several programs plant into one site.
    slug = f"desk-{uuid.uuid4().hex[:12]}"
    organization = builders.make_organization(name="The Desk", slug=slug)
    person = builders.make_member(organization, "owner", display_name="Wanda Writer", email=f"{slug}@example.org")
    book = builders.make_book(organization, person, language="en" if number else "fr")
    builders.make_chapter(book, title="Before")
    chapter = builders.make_chapter(book, position=2, title="Here", markdown=SHOWN, word_count=58)
    builders.make_chapter(book, position=3, title="After")
    return signed_in(person, organization.slug, f"books/{book.pk}/chapters/{chapter.pk}/")


def at_work(organization: Any, person: Any) -> dict[str, str]:
    """A chapter with everything in it, and one nobody has begun."""
    from tests import builders

    book = builders.make_book(organization, person, title="Written by Hand", palette="slate", status="review")
    chapter = builders.make_chapter(book, markdown=SHOWN, word_count=58, target_words=60)
    empty = builders.make_chapter(book, position=2, title="Not Begun", markdown="", word_count=0)
    return {
        "studio": f"books/{book.pk}/chapters/{chapter.pk}/edit/",
        "studio empty": f"books/{book.pk}/chapters/{empty.pk}/edit/",
    }


if __name__ == "__main__":
    main()

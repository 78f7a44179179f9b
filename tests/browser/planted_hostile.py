"""A book that wants to run as a script."""

from typing import Any

HOSTILE = """Before <script>document.documentElement.dataset.owned = "chapter"</script> after.

<img src="x" onerror="document.documentElement.dataset.owned = 'image'">

[a link](javascript:document.documentElement.dataset.owned='link') and ![a picture](x "onerror=alert(1)")

<svg onload="document.documentElement.dataset.owned = 'svg'"></svg>"""
MARKUP = "<script>document.documentElement.dataset.owned = 'title'</script><img src=x onerror=alert(1)>"


def hostile(organization: Any, person: Any) -> dict[str, str]:
    """A finished book whose every text wants to run as a script."""
    from tests import builders

    book = builders.make_book(
        organization, person, status="review", title=MARKUP, subtitle=MARKUP, topic=MARKUP, goal=MARKUP, byline=MARKUP,
        blurb=MARKUP, palette="rose", chapter_count=1,
    )  # fmt: skip
    chapter = builders.make_chapter(book, title=MARKUP, markdown=HOSTILE, word_count=20)
    return {"hostile book": f"books/{book.pk}/", "hostile reader": f"books/{book.pk}/chapters/{chapter.pk}/"}

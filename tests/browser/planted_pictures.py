"""Books with pictures and without, for the pages that show them."""

from typing import Any


def illustrated(organization: Any, person: Any) -> dict[str, str]:
    """A book whose one chapter shows two of its four pictures, and a book without any."""
    from tests import builders

    book = builders.make_book(organization, person, status="review", title="Roofs, Seen from Above", palette="forest")
    hive = builders.make_picture(book, name="hive.jpg", alt="A hive between two chimneys, at dusk")
    map_ = builders.make_picture(book, name="map-of-the-roofs.jpg", alt="Where the hives stand")
    builders.make_picture(book, name="rule.jpg", alt="", is_decorative=True)
    unused = builders.make_picture(book, name=f"{'a-very-long-name-' * 8}.jpg", alt="A basin of water in the shade")
    chapter = builders.make_chapter(
        book,
        title="The First Roof",
        markdown=f'Before.\n\n![](picture:{hive.pk} "The hive at dusk")\n\nAfter ![the map](picture:{map_.pk}).',
    )
    bare = builders.make_book(organization, person, status="review", title="Nothing to See")
    below = f"books/{book.pk}/pictures/"
    return {
        "pictures": below,
        "pictures none": f"books/{bare.pk}/pictures/",
        "pictures nothing like it": f"{below}?q=nothing+like+it",
        "picture": f"{below}{hive.pk}/",
        "picture unused": f"{below}{unused.pk}/",
        "picture remove": f"{below}{hive.pk}/remove/",
        "reader with pictures": f"books/{book.pk}/chapters/{chapter.pk}/",
        "studio with pictures": f"books/{book.pk}/chapters/{chapter.pk}/edit/",
    }

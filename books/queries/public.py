"""What is said of a book to who only sees its address: search engines, messengers, other sites."""

import json
from dataclasses import dataclass
from uuid import UUID

from books.queries.editions import Edition

# What would end a script element, or begin another; JSON reads the same behind its own escapes.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Addresses:
    """Where the pages of an edition are: its front, with each chapter's number below it; its picture for others."""

    front: str
    card: str = ""

    def picture(self, picture_id: UUID, size: str) -> str:
        """Where a picture of the text is, in one of its sizes."""
        return f"{self.front}pictures/{picture_id}/{size}/"


def described(edition: Edition, site: str, addresses: Addresses) -> str:
    """The book as schema.org/Book: JSON without any character that HTML gives a meaning, for a script element."""
    book = edition.book
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Book",
        "name": book.title,
        "url": site + addresses.front,
        "image": site + addresses.card,
        "inLanguage": book.language,
        "genre": book.genre,
        "isAccessibleForFree": True,
        "bookFormat": "https://schema.org/EBook",
        "numberOfPages": max(1, round(edition.words / 300)),
    }
    if book.subtitle:
        said["alternativeHeadline"] = book.subtitle
    if book.byline:
        said["author"] = {"@type": "Person", "name": book.byline}
    if book.blurb:
        said["description"] = book.blurb
    if edition.revision:
        said["datePublished"] = edition.revision.created_at.date().isoformat()
    return json.dumps(said, ensure_ascii=False).translate(_ESCAPES)

"""Pictures of a book: the list, where each is used, and how a text shows them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from books.models import Book, Chapter, Picture
from books.models.pictures import MAX_PICTURES, SMALL
from books.providers.exports.figures import SCHEME, Pictures, Shown, name_of, named_in
from core import keyset

PAGE = 24
Size = Literal["small", "large"]
Address = Callable[[UUID, Size], str]
COLUMNS = ["id", "name", "alt", "media_type", "width", "height", "size", "created_at"]
_SPECIAL = str.maketrans({mark: f"\\{mark}" for mark in "\\[]*_`<>~"})


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which pictures: exactly what stands in the list's address. `show` is used, unused or undescribed."""

    q: str = ""
    show: str = ""


EVERY = Wanted()


@dataclass(frozen=True)
class Use:
    """A chapter that shows a picture; `id` is None for one in the trash."""

    id: UUID | None
    title: str


@dataclass(frozen=True)
class PictureLine:
    """One picture of the list."""

    id: UUID
    name: str
    alt: str
    media_type: str
    width: int
    height: int
    size: int
    created_at: datetime
    uses: tuple[Use, ...]

    @property
    def markdown(self) -> str:
        """What to put into a text to show it."""
        return markdown_of(self.id, self.alt)

    @property
    def format(self) -> str:
        """What kind of picture it is, as people call it."""
        return self.media_type.removeprefix("image/").upper()


@dataclass(frozen=True)
class PicturesPage(keyset.Paged):
    """One page of a book's pictures, the newest first; `number` is how many the book has."""

    book: Book
    lines: tuple[PictureLine, ...]
    number: int
    wanted: Wanted
    before: UUID | None
    after: UUID | None

    @property
    def is_full(self) -> bool:
        """Whether the book can have no more."""
        return self.number >= MAX_PICTURES

    @property
    def most(self) -> int:
        """How many a book can have."""
        return MAX_PICTURES


def pictures_page(book: Book, wanted: Wanted = EVERY, cursor: keyset.Cursor = keyset.FIRST) -> PicturesPage:
    """One page of the pictures wanted (three queries, four beside a cursor)."""
    rows, uses = Picture.objects.of(book.organization).filter(book=book), uses_of(book)
    cut = keyset.cut(
        _selected(rows, wanted, uses),
        among=rows,
        order=keyset.Order("id"),
        columns=COLUMNS,
        size=PAGE,
        cursor=cursor,
    )
    lines = tuple(PictureLine(**row, uses=uses.get(row["id"], ())) for row in cut.rows)
    return PicturesPage(book, lines, rows.count(), wanted, cut.before, cut.after)


def picture_line(picture: Picture) -> PictureLine:
    """One picture as the list has it (one query)."""
    columns = {name: getattr(picture, name) for name in COLUMNS}
    return PictureLine(**columns, uses=uses_of(picture.book).get(picture.pk, ()))


def _selected(rows: "QuerySet[Picture]", wanted: Wanted, uses: Mapping[UUID, tuple[Use, ...]]) -> "QuerySet[Picture]":
    if wanted.q:
        rows = rows.filter(name__icontains=wanted.q) | rows.filter(alt__icontains=wanted.q)
    if wanted.show == "used":
        return rows.filter(pk__in=list(uses))
    if wanted.show == "unused":
        return rows.exclude(pk__in=list(uses))
    return rows.filter(alt="") if wanted.show == "undescribed" else rows


def uses_of(book: Book) -> Mapping[UUID, tuple[Use, ...]]:
    """Which chapters name which picture, those in the trash too (one query, of the chapters with pictures alone)."""
    rows = Chapter.everything.of(book.organization).filter(book=book, markdown__icontains=f"{SCHEME}:")
    found: dict[UUID, tuple[Use, ...]] = {}
    for key, title, trashed_at, markdown in rows.order_by("position").values_list(
        "id", "title", "trashed_at", "markdown"
    ):
        for picture in dict.fromkeys(named_in(markdown)):
            found[picture] = (*found.get(picture, ()), Use(None if trashed_at else key, title))
    return found


def markdown_of(picture_id: UUID, alt: str) -> str:
    """What shows the picture in a text."""
    return f"![{alt.translate(_SPECIAL)}]({name_of(picture_id)})"


def shown(book: Book, texts: str | Iterable[str], address: Address) -> Pictures:
    """The pictures of the book that these texts name, at the addresses given (one query, none for texts without)."""
    whole = [texts] if isinstance(texts, str) else texts
    named = {key for text in whole for key in named_in(text)}
    if not named:
        return {}
    rows = Picture.objects.of(book.organization).filter(book=book, pk__in=named)
    return {row.pk: shown_as(row, address) for row in rows.only("alt", "width", "height", "organization_id")}


def shown_as(picture: Picture, address: Address) -> Shown:
    """One picture in both of its sizes, where it has two."""
    small, longer = address(picture.pk, "small"), max(picture.width, picture.height)
    srcset = f"{small} {picture.width * SMALL // longer}w, {address(picture.pk, 'large')} {picture.width}w"
    return Shown(small, picture.width, picture.height, picture.alt, srcset if longer > SMALL else "")


def tenant_address(slug: str, book_id: UUID) -> Address:
    """Where members of the organization get the pictures of a book."""

    def address(picture_id: UUID, size: Size) -> str:
        return reverse(f"books:picture_{size}", args=[slug, book_id, picture_id])

    return address

"""What is found in a whole book, and what would stand in its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.utils.translation import gettext as _

from books.models import Book, Chapter
from core.patterns import Hit, Search, Sought

MOST_HITS = 10_000
ON_A_PAGE = 200
AROUND = 60  # characters shown on each side


@dataclass(frozen=True)
class Finding:
    """A place in a chapter, with what stands around it."""

    key: str  # chapter and place: what is sent back when it is chosen
    before: str
    found: str
    becomes: str
    behind: str


@dataclass(frozen=True)
class ChapterFindings:
    """The places of one chapter that are on the page."""

    id: UUID
    position: int
    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Findings:
    """One page of what was found. `seen`: chapter and version of every chapter with a place, as they were looked at."""

    chapters: tuple[ChapterFindings, ...]
    number: int
    is_capped: bool
    page: int
    seen: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.number // ON_A_PAGE))

    @property
    def shown(self) -> int:
        """Places on this page."""
        return sum(len(chapter.findings) for chapter in self.chapters)

    @property
    def previous(self) -> int:
        """Number of the page before, 0 on the first."""
        return self.page - 1

    @property
    def next(self) -> int:
        """Number of the page behind, 0 on the last."""
        return self.page + 1 if self.page < self.pages else 0


def search_for(sought: Sought, replacement: str) -> Search:
    """A search whose refusals are said to who typed it."""
    return Search(
        sought,
        replacement,
        unclear=_("This is no regular expression, or the replacement names a group that it does not have."),
        too_long=_("This expression takes too long. Make it simpler."),
    )


def find(book: Book, sought: Sought, replacement: str, page: int = 1) -> Findings:
    """Look through every chapter (one query); of what is found the first MOST_HITS count. Raises BadPattern."""
    search = search_for(sought, replacement)
    chapters = Chapter.objects.of(book.organization).filter(book=book).exclude(markdown="").order_by("position")
    every = islice(_places(chapters.only("position", "title", "markdown", "version"), search), MOST_HITS + 1)
    places = list(every)
    counted = places[:MOST_HITS]
    page = max(1, min(page, -(-len(counted) // ON_A_PAGE)))
    on_page = counted[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    seen = dict.fromkeys(f"{chapter.pk}:{chapter.version}" for chapter, _hit in counted)
    return Findings(tuple(_by_chapter(on_page)), len(counted), len(places) > MOST_HITS, page, tuple(seen))


def _places(chapters: Iterable[Chapter], search: Search) -> Iterator[tuple[Chapter, Hit]]:
    for chapter in chapters:
        for hit in search.hits(chapter.markdown):
            yield chapter, hit


def _by_chapter(places: Iterable[tuple[Chapter, Hit]]) -> Iterator[ChapterFindings]:
    found: dict[UUID, tuple[Chapter, list[Finding]]] = {}
    for chapter, hit in places:
        found.setdefault(chapter.pk, (chapter, []))[1].append(_finding(chapter, hit))
    for chapter, findings in found.values():
        yield ChapterFindings(chapter.pk, chapter.position, chapter.title, tuple(findings))


def _finding(chapter: Chapter, hit: Hit) -> Finding:
    """A place within its paragraph."""
    text = chapter.markdown
    before, behind = text[max(0, hit.start - AROUND) : hit.start], text[hit.end : hit.end + AROUND]
    near, ahead = before.rpartition("\n\n")[2], behind.partition("\n\n")[0]
    return Finding(
        key=f"{chapter.pk}:{hit.start}",
        before=("…" if len(near) == AROUND else "") + near,
        found=text[hit.start : hit.end],
        becomes=hit.becomes,
        behind=ahead + ("…" if len(ahead) == AROUND else ""),
    )

"""A text that meets another one: what the chapter holds by now, what somebody brings, and both merged by paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.models import User
from books.models import Book, Chapter, ChapterVersion
from books.queries.versions import documents
from core.diffs import Edit, edits
from core.merging import Merge, Part, merge
from core.text import digest


@dataclass(frozen=True)
class Piece:
    """Some characters of one side of a conflict; `differs` when the other side has others there."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Choice:
    """A conflict to decide: one side is empty where a paragraph was taken out."""

    number: int
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]


@dataclass(frozen=True)
class Meeting:
    """A text that was written from an older one than the chapter's; `people` wrote what came since, by name."""

    version: int
    base: str
    mine: str
    theirs: str
    people: tuple[str, ...]

    @cached_property
    def merged(self) -> Merge:
        """Both, by paragraph."""
        return merge(self.base, self.mine, self.theirs)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The conflicts, as they are shown."""
        return tuple(_choice(number, part) for number, part in enumerate(self.merged.conflicts, start=1))


@dataclass(frozen=True)
class UnsavedPage:
    """A text that could not be saved as it came: `meeting` where another one stands, else `problems` say why."""

    book: Book
    chapter: Chapter
    text: str
    meeting: Meeting | None = None
    problems: tuple[str, ...] = ()


def meeting(chapter: Chapter, mine: str, *, since: int, base: str | None, reader: User) -> Meeting:
    """What `mine` meets, which was written from version `since` (four queries at most).

    `base` is the text of that version where the writer still has it: versions of one sitting are one, and of those only
    the last text is kept. An older base is as right, but finds conflicts in what others went on typing.
    """
    started = base if base is not None else _text_of(chapter, since)
    return Meeting(chapter.version, started, mine, chapter.markdown, writers_since(chapter, since, reader))


def stored_as(chapter: Chapter, text: str, *, since: int) -> int | None:
    """The number under which this very text was stored, from version `since` on: the save was answered, or lost."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter, number__gte=since)
    return rows.filter(text_digest=digest(text)).order_by("number").values_list("number", flat=True).first()


def writers_since(chapter: Chapter, version: int, reader: User) -> tuple[str, ...]:
    """Names of the others who changed the chapter after a version, each once."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter, number__gt=version)
    people = User.objects.filter(pk__in=rows.values("made_by")).exclude(pk=reader.pk)
    return tuple(person.name for person in people.order_by("display_name", "id"))


def _text_of(chapter: Chapter, number: int) -> str:
    """The text of that version, else of the one before it that was kept, else the oldest there is."""
    rows = ChapterVersion.objects.of(chapter.organization).filter(chapter=chapter)
    numbers = rows.values_list("number", flat=True)
    found = numbers.filter(number__lte=number).order_by("-number").first() or numbers.order_by("number").first()
    if found is None:  # nothing but its title ever changed
        return chapter.markdown
    return documents(chapter, [found])[found].markdown


def _choice(number: int, part: Part) -> Choice:
    mine, theirs = part.mine.rstrip("\n"), part.theirs.rstrip("\n")
    changes = edits(theirs, mine) if mine and theirs else []
    return Choice(
        number,
        _pieces(mine, [(change.new_start, change.new_end) for change in changes]),
        _pieces(theirs, [_old(change) for change in changes]),
    )


def _old(change: Edit) -> tuple[int, int]:
    return change.start, change.end


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    found, reached = [], 0
    for start, end in spans:
        found += [Piece(text[reached:start], differs=False), Piece(text[start:end], differs=True)]
        reached = end
    return tuple(piece for piece in [*found, Piece(text[reached:], differs=False)] if piece.text)

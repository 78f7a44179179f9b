"""What books keep about a person, for the copy of their data: their books whole, and what they did with others'."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from books.models import (
    Book,
    Bundle,
    Chapter,
    ChapterVersion,
    Chat,
    ChatTurn,
    Comment,
    Download,
    Export,
    ExportState,
    Mention,
    Picture,
    ReadingPlace,
    Revision,
    Rewrite,
    Run,
    Source,
    Suggestion,
)
from books.queries.files import stem_of
from books.queries.versions import earlier_texts
from core import tenancy
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export as Archive

Row = TypeVar("Row", bound=models.Model)
BOOK = (
    "id", "title", "subtitle", "byline", "topic", "goal", "blurb", "language", "genre", "audience", "difficulty",
    "tone", "chapter_count", "words_per_chapter", "status", "visibility", "created_at", "content_changed_at",
    "trashed_at",
)  # fmt: skip
RUN = ("kind", "state", "brief", "facts", "planned_words", "delivered_words", "credits_quoted", "model_label",
       "created_at", "finished_at")  # fmt: skip
# Each table that says who, and the column that does.
WHO: tuple[tuple[type[models.Model], str], ...] = (
    (Book, "author"), (Source, "added_by"), (Picture, "uploaded_by"), (Run, "started_by"), (Chat, "person"),
    (ReadingPlace, "person"),
    (Export, "requested_by"), (Download, "person"), (Bundle, "requested_by"),
    (Comment, "author"), (Suggestion, "author"), (Mention, "person"),
    (ChapterVersion, "made_by"), (Revision, "made_by"),
)  # fmt: skip


def organizations_of(person: User) -> list[Organization]:
    """Every organization with rows of the person, also those they have left."""
    with tenancy.system("where a person's books are"):
        found = {
            key
            for model, column in WHO
            for key in model._default_manager.filter(**{column: person})
            .values_list("organization", flat=True)
            .distinct()
        }
    return list(Organization.objects.filter(pk__in=found).order_by("pk"))


def add_person(export: "Archive", person: User) -> None:
    """Books with their chapters, sources and files; runs, chats, rewrites, places, downloads and bundles."""
    tenants = organizations_of(person)
    books: list[tuple[Organization, UUID, str]] = []
    columns = {"title": _("Title"), "organization": _("Organization"), "status": _("Status"), "created_at": _("Since")}
    export.records("books", _("Your books"), columns, _books(tenants, person, books))
    for organization, book_id, stem in books:
        _add_book(export, organization, book_id, stem)
    for name, title, shown, rows in _lists(person):
        export.records(name, title, shown, _everywhere(tenants, rows))


@contextmanager
def _inside(organization: Organization) -> Iterator[None]:
    with transaction.atomic(), tenancy.declared(organization.pk):
        yield


def _books(
    tenants: list[Organization], person: User, found: list[tuple[Organization, UUID, str]]
) -> Iterator[dict[str, Any]]:
    """Their books, one by one; `found` is filled with where each is and what its folder is called."""
    for organization in tenants:
        with _inside(organization):
            for book in Book.objects.of(organization).filter(author=person, erased_at__isnull=True).order_by("pk"):
                found.append((organization, book.pk, f"books/{len(found) + 1:03d}-{stem_of(book.title)}"))
                yield {"organization": organization.name} | {name: getattr(book, name) for name in BOOK}


def _add_book(export: "Archive", organization: Organization, book_id: UUID, folder: str) -> None:
    """Chapters as Markdown, older versions beside them, sources as text, pictures and finished files as they are."""
    with _inside(organization):
        for chapter in _one_by_one(Chapter.everything.of(organization).filter(book=book_id).order_by("position")):
            stem = f"{folder}/{chapter.position:02d}-{stem_of(chapter.title)}"
            export.text(f"{stem}.md", f"# {chapter.title}\n\n{chapter.markdown}\n")
            for number, earlier in earlier_texts(chapter):
                export.text(f"{stem}-version-{number}.md", earlier)
        sources = Source.objects.of(organization).filter(book=book_id).order_by("pk")
        for number, source in enumerate(_one_by_one(sources), 1):
            export.text(f"{folder}/sources/{number:02d}-{stem_of(source.title)}.txt", source.text)
        pictures = list(Picture.objects.of(organization).filter(book=book_id).order_by("pk"))
        files = list(Export.objects.of(organization).filter(book=book_id, state=ExportState.READY).order_by("pk"))
    for number, picture in enumerate(pictures, 1):
        export.stored(f"{folder}/pictures/{number:02d}-{stem_of(picture.name)}.{picture.extension}", picture.file)
    for number, file in enumerate(files, 1):
        export.stored(f"{folder}/files/{number:02d}-{file.file_name}", str(file.file.name))


def _one_by_one(rows: "models.QuerySet[Row]") -> Iterator[Row]:
    """Rows of long texts, one in memory at a time."""
    for key in list(rows.values_list("pk", flat=True)):
        yield rows.get(pk=key)


def _lists(person: User) -> list[tuple[str, Any, dict[str, Any], Any]]:
    """(name, title, columns shown, what yields its rows for one organization) of everything else."""
    at, book = _("Time"), _("Book")
    return [
        ("chats", _("Your chats"), {"book": book, "question": _("Question"), "answer": _("Answer")},
         lambda one: _turns(one, person)),
        ("rewrites", _("Rewrites you asked for"), {"book": book, "instruction": _("Instruction"), "at": at},
         lambda one: _rewrites(one, person)),
        ("versions", _("Texts you put in place of others"), {"book": book, "chapter": _("Chapter"), "note": _("Note")},
         lambda one: _versions(one, person)),
        ("revisions", _("Revisions you kept"), {"book": book, "number": _("Number"), "message": _("Message")},
         lambda one: _revisions(one, person)),
        ("pictures", _("Pictures you gave to books"),
         {"book": book, "name": _("File"), "alt": _("What it shows"), "at": at}, lambda one: _given(one, person)),
        ("comments", _("Your comments"), {"book": book, "chapter": _("Chapter"), "text": _("Comment"), "at": at},
         lambda one: _comments(one, person)),
        ("suggestions", _("What you suggested"), {"book": book, "quote": _("Passage"), "proposal": _("Proposal")},
         lambda one: _suggestions(one, person)),
        ("runs", _("What you had written"), {"book": book, "kind": _("Kind"), "state": _("State"), "created_at": at},
         lambda one: _runs(one, person)),
        ("reading_places", _("Where you were reading"), {"book": book, "chapter": _("Chapter"), "at": at},
         lambda one: _places(one, person)),
        ("downloads", _("Files you fetched"), {"book": book, "format": _("Format"), "at": at},
         lambda one: _downloads(one, person)),
        ("bundles", _("Bundles you asked for"), {"file_name": _("File"), "state": _("State"), "at": at},
         lambda one: _bundles(one, person)),
    ]  # fmt: skip


def _everywhere(tenants: list[Organization], rows: Any) -> Iterator[dict[str, Any]]:
    for organization in tenants:
        with _inside(organization):
            for row in rows(organization):
                yield {"organization": organization.name} | row


def _turns(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    turns = ChatTurn.objects.of(organization).filter(chat__person=person).select_related("chat__book")
    for one in turns.order_by("chat_id", "position").iterator():
        yield {
            "book": one.chat.book.title,
            "chat": one.chat.title,
            "question": one.question,
            "answer": one.answer,
            "ideas": one.ideas,
            "at": one.created_at,
        }


def _rewrites(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Rewrite.objects.of(organization).filter(run__started_by=person).select_related("chapter__book")
    for one in rows.order_by("pk").iterator():
        yield {
            "book": one.chapter.book.title,
            "chapter": one.chapter.title,
            "task": one.task,
            "instruction": one.instruction,
            "text": one.markdown,
            "decision": one.decision,
            "at": one.created_at,
        }


def _versions(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = ChapterVersion.objects.of(organization).filter(made_by=person).select_related("chapter__book")
    for one in rows.defer("payload").order_by("pk").iterator():
        yield {
            "book": one.chapter.book.title,
            "chapter": one.chapter.title,
            "number": one.number,
            "note": one.note,
            "at": one.created_at,
        }


def _given(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Picture.objects.of(organization).filter(uploaded_by=person).select_related("book").order_by("pk")
    for one in rows.iterator():
        yield {"book": one.book.title, "name": one.name, "alt": one.alt, "at": one.created_at}


def _comments(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Comment.objects.of(organization).filter(author=person, deleted_at__isnull=True)
    for one in rows.select_related("book", "chapter").order_by("pk").iterator():
        yield {
            "book": one.book.title,
            "chapter": one.chapter.title,
            "passage": one.quote,
            "text": one.text,
            "at": one.created_at,
        }


def _suggestions(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Suggestion.objects.of(organization).filter(author=person).select_related("book")
    for one in rows.order_by("pk").iterator():
        yield {
            "book": one.book.title,
            "quote": one.quote,
            "proposal": one.proposal,
            "reason": one.reason,
            "state": one.state,
            "at": one.created_at,
        }


def _revisions(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Revision.objects.of(organization).filter(made_by=person).select_related("book").order_by("pk")
    for one in rows.iterator():
        yield {"book": one.book.title, "number": one.number, "message": one.message, "at": one.created_at}


def _runs(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    for one in Run.objects.of(organization).filter(started_by=person).select_related("book").order_by("pk").iterator():
        yield {"book": one.book.title} | {name: getattr(one, name) for name in RUN}


def _places(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = ReadingPlace.objects.of(organization).filter(person=person).select_related("book", "chapter")
    for one in rows.order_by("pk"):
        yield {
            "book": one.book.title,
            "chapter": one.chapter.position,
            "paragraph": one.paragraph,
            "at": one.updated_at,
        }


def _downloads(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Download.objects.of(organization).filter(person=person).select_related("export__book")
    for one in rows.order_by("pk").iterator():
        yield {"book": one.export.book.title, "format": one.export.format, "at": one.created_at}


def _bundles(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    for one in Bundle.objects.of(organization).filter(requested_by=person).order_by("pk").iterator():
        yield {"file_name": one.file_name, "state": one.state, "at": one.created_at}

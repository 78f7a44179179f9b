"""A book, chapter or run of an address, for who may do something with it."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from books.models import Book, BookAct, Chapter, Run
from books.queries import runs as run_queries
from books.queries.rights import acts_of
from core.errors import Forbidden
from organizations.access import TenantRequest


def fetch_book(request: TenantRequest, book_id: UUID, act: BookAct = BookAct.READ) -> Book:
    """The book; 404 for who may not read it, 403 for who may, and not do that. `request.acts`: what they may."""
    books = Book.objects.visible_to(request.member).select_related("organization", "author")
    book = get_object_or_404(books, pk=book_id)
    allow(request, book, act)
    return book


def fetch_chapter(request: TenantRequest, book_id: UUID, chapter_id: UUID, act: BookAct = BookAct.READ) -> Chapter:
    """The chapter with its book, by the same rules."""
    books = Book.objects.visible_to(request.member)
    chapters = Chapter.objects.of(request.member.organization).select_related("book__author", "organization")
    chapter = get_object_or_404(chapters, pk=chapter_id, book=book_id, book__in=books)
    chapter.book.organization = chapter.organization
    allow(request, chapter.book, act)
    return chapter


def fetch_run(request: TenantRequest, run_id: UUID, act: BookAct = BookAct.READ) -> Run:
    """The run with its book, by the same rules; 404 also for what others asked in their chats."""
    runs = run_queries.open_to(request.member).select_related("book", "organization")
    run = get_object_or_404(runs, pk=run_id)
    allow(request, run.book, act)
    return run


def allow(request: TenantRequest, book: Book, act: BookAct) -> None:
    """Raises Forbidden unless the member may do that with a book they may read; sets `request.acts`."""
    request.acts = acts_of(request.member, book)
    if act not in request.acts:
        said = {"what": act.label}
        raise Forbidden(_("What you may do with this book does not include this: %(what)s.") % said)

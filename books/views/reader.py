"""The reader: opened where one stopped, one chapter at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books import actions
from books.errors import BookRefused
from books.forms import PlaceForm
from books.models import Chapter
from books.queries import reader
from books.queries.sources import used_in_chapter
from books.views.fetching import fetch_book
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def read(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Open the book where its reader stopped, or at its first written chapter."""
    found = fetch_book(request, book_id)
    lines = reader.contents(found, request.member.person)
    start = reader.place(lines) or next((line for line in lines if line.written), None)
    if start is None:
        return redirect("books:book", request.member.organization.slug, found.pk)
    address = reverse("books:chapter", args=[request.member.organization.slug, found.pk, start.id])
    return redirect(f"{address}#paragraph-{start.stopped_at}" if start.stopped_at else address)


@require_safe
@tenant_view
def chapter(request: TenantRequest, book_id: UUID, chapter_id: UUID) -> HttpResponse:
    """One chapter in the reader."""
    found = fetch_book(request, book_id)
    here = get_object_or_404(Chapter.objects.of(found.organization), book=found, pk=chapter_id)
    here.organization = found.organization
    page = reader.reader_page(found, here, request.member.person)
    return render(request, "books/chapter.html", {"page": page, "followed": used_in_chapter(here)})


@require_POST
@tenant_view
def place(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Remember where the reader is: quietly while they read on, or by a button that leads back to the book."""
    found = fetch_book(request, book_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        raise BookRefused(_("This is no place in a book."), code="no_place")
    written = Chapter.objects.of(request.member.organization).filter(book=found).exclude(markdown="").defer("markdown")
    here = get_object_or_404(written, pk=form.cleaned_data["chapter"])
    paragraph = form.cleaned_data["paragraph"] or 0
    actions.save_place(chapter=here, reader=request.member.person, paragraph=paragraph)
    if form.cleaned_data["quiet"]:
        return HttpResponse(status=204)
    said = _("You stopped in chapter %(number)d: the book opens there next time.")
    messages.success(request, said % {"number": here.position})
    return redirect("books:book", request.member.organization.slug, found.pk)

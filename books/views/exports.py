"""Files: asking for them, fetching them, who fetched them."""

from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from books import actions
from books.forms import DownloadsForm
from books.models import Book, Export, ExportState
from books.queries import downloads as queries
from books.queries.files import KINDS_BY_KEY, stem_of
from books.views.fetching import fetch_book
from core.spreadsheets import spreadsheet
from organizations.access import TenantRequest, tenant_view


@require_POST
@tenant_view
def export_request(request: TenantRequest, book_id: UUID, format_key: str) -> HttpResponse:
    """Ask for one format, of a PDF in one page size; the page of the book shows how it comes along."""
    found = fetch_book(request, book_id)
    size = request.POST.get("page_size", "")
    actions.request_export(book=found, by=request.member.person, format_key=format_key, page_size=size)
    return redirect("books:book", request.member.organization.slug, found.pk)


@require_safe
@tenant_view
def download(request: TenantRequest, export_id: UUID) -> HttpResponse:
    """Log the download and lead to a link that expires after five minutes."""
    books = Book.objects.visible_to(request.member)
    exports = Export.objects.of(request.member.organization).select_related("organization").filter(book__in=books)
    export = get_object_or_404(exports, pk=export_id)
    if export.state != ExportState.READY:
        raise Http404
    actions.log_download(export=export, by=request.member.person)
    link = default_storage.download_url(export.file.name, export.file_name)  # type: ignore[attr-defined]  # core.storage
    return redirect(link)


@require_safe
@tenant_view
def downloads(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Who fetched which file of the book, for its author and whom the registry lets see it."""
    found = get_object_or_404(Book.objects.logged_for(request.member).select_related("organization"), pk=book_id)
    form = DownloadsForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    page = queries.downloads_of(found, asked(form), after=given.get("after"))
    return render(request, "books/downloads.html", {"book": found, "log": page, "kinds": KINDS_BY_KEY.values()})


@require_safe
@tenant_view
def downloads_table(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """The same as a file of comma-separated values."""
    found = get_object_or_404(Book.objects.logged_for(request.member).select_related("organization"), pk=book_id)
    heading = [_("Time (UTC)"), _("Person"), _("Format"), _("Page size"), _("File made (UTC)"), _("Version")]
    lines = queries.every_download_of(found, asked(DownloadsForm(request.GET)))
    rows = (
        (moment(line.at), line.person, line.kind.format.label, line.kind.size_label, moment(line.made_at), line.version)
        for line in lines
    )
    return spreadsheet(f"{stem_of(found.title)}-downloads", heading, rows)


def asked(form: DownloadsForm) -> queries.Asked:
    """What the form looks for; nothing when it makes no sense."""
    given = form.cleaned_data if form.is_valid() else {}
    return queries.Asked(kind=given.get("file", ""), person=given.get("person"))


def moment(at: datetime) -> str:
    """Date and time to the second, as every spreadsheet reads them."""
    return f"{at:%Y-%m-%d %H:%M:%S}"

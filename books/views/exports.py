"""Files: asking for them, fetching them."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from books import actions
from books.models import Book, Export, ExportState
from organizations.access import TenantRequest, tenant_view


@require_POST
@tenant_view
def export_request(request: TenantRequest, book_id: UUID, format_key: str) -> HttpResponse:
    """Ask for one format; the page of the book shows how it comes along."""
    found = get_object_or_404(Book.objects.visible_to(request.member).select_related("organization"), pk=book_id)
    size = request.POST.get("page_size", "")
    actions.request_export(book=found, by=request.member.person, format_key=format_key, page_size=size)
    return redirect("books:book", request.member.organization.slug, found.pk)


@require_safe
@tenant_view
def download(request: TenantRequest, export_id: UUID) -> HttpResponse:
    """Log the download and lead to a link that expires after five minutes."""
    books = Book.objects.visible_to(request.member)
    exports = Export.objects.of(request.member.organization).filter(book__in=books)
    export = get_object_or_404(exports, pk=export_id)
    if export.state != ExportState.READY:
        raise Http404
    actions.log_download(export=export, by=request.member.person)
    link = default_storage.download_url(export.file.name, export.file_name)  # type: ignore[attr-defined]  # core.storage
    return redirect(link)

"""Many files at once: choosing them, following them, fetching them."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from books import actions
from books.errors import BookRefused
from books.forms import BundleForm, ChosenBooksForm, PageForm
from books.models import Bundle
from books.queries import bundles as queries
from books.queries.files import KINDS_BY_KEY
from core.views import page_or_part
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def bundles(request: TenantRequest) -> HttpResponse:
    """The person's own bundles; POST asks for one."""
    if request.method == "POST":
        return ask(request)
    form = PageForm(request.GET)
    after = form.cleaned_data.get("after") if form.is_valid() else None
    return render(request, "books/bundles.html", {"page": queries.bundles_of(request.member, after=after)})


def ask(request: TenantRequest) -> HttpResponse:
    """Ask for the files that were chosen; the second submit of one form leads to the bundle of the first."""
    form = BundleForm(request.POST)
    if not form.is_valid():
        return chosen(request, form, status=422)
    found = queries.chosen_books(request.member, form.cleaned_data["book"])
    kinds = [KINDS_BY_KEY[key] for key in form.cleaned_data["file"]]
    made = actions.request_bundle(
        books=found, kinds=kinds, by=request.member.person, request_key=form.cleaned_data["request_key"]
    )
    return redirect("books:bundle", request.member.organization.slug, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def bundle_new(request: TenantRequest) -> HttpResponse:
    """Choose the formats for the books that were marked; POST is the list with its marks, and writes nothing."""
    if request.method == "POST":
        marked = urlencode({"book": request.POST.getlist("book")}, doseq=True)
        return redirect(f"{reverse('books:bundle_new', args=[request.member.organization.slug])}?{marked}")
    return chosen(request, BundleForm(initial={"book": request.GET.getlist("book")}))


def chosen(request: TenantRequest, form: BundleForm, *, status: int = 200) -> HttpResponse:
    """The books that were marked, and the formats to choose from."""
    marked = ChosenBooksForm(request.POST or request.GET)
    identifiers = marked.cleaned_data["book"] if marked.is_valid() else []
    found = queries.chosen_books(request.member, identifiers)
    return render(request, "books/bundle_new.html", {"books": found, "form": form}, status=status)


@require_safe
@tenant_view
def bundle(request: TenantRequest, bundle_id: UUID) -> HttpResponse:
    """How far a bundle is; HTMX asks for its `progress` part, 204 while it is at the stage that the page shows."""
    page = queries.bundle_page(own(request, bundle_id))
    if request.GET.get("stage") == page.stage:
        return HttpResponse(status=204)
    return page_or_part(request, "books/bundle.html#progress", {"page": page, "again": BundleForm()})


@require_safe
@tenant_view
def bundle_download(request: TenantRequest, bundle_id: UUID) -> HttpResponse:
    """Log the download of every file in it and lead to a link that expires after five minutes."""
    found = own(request, bundle_id)
    if not queries.bundle_page(found).is_ready:
        raise Http404
    if not queries.is_still_readable(found, request.member):
        raise BookRefused(_("One of its books is no longer there for you. Make a bundle of the others."), code="gone")
    actions.log_bundle_download(bundle=found, by=request.member.person)
    link = default_storage.download_url(found.file.name, found.file_name)  # type: ignore[attr-defined]  # core.storage
    return redirect(link)


def own(request: TenantRequest, bundle_id: UUID) -> Bundle:
    """The bundle, for whoever asked for it."""
    mine = Bundle.objects.of(request.member.organization).filter(requested_by=request.member.person)
    return get_object_or_404(mine.select_related("organization"), pk=bundle_id)

"""Pictures of a book: the list that is also the studio's panel, one picture, and the files themselves."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from books.actions import pictures as actions
from books.forms.pictures import DescriptionForm, PictureForm, PicturesForm
from books.jobs import pictures as storing
from books.models import Book, BookAct, Picture
from books.queries import pictures as queries
from books.views.fetching import fetch_book
from core.errors import DomainError
from core.ids import new_id
from core.views import FOR_EVER, page_or_part, wants_json
from organizations.access import TenantRequest, tenant_view


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def pictures(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """The pictures of a book, and the form that adds one: as a page, as a panel of the studio, or by a program."""
    book = fetch_book(request, book_id, BookAct.EDIT if request.method == "POST" else BookAct.COMMENT)
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if form.is_valid() and (picture := keep(request, book, form)):
        return added(request, picture)
    if form.is_bound and wants_json(request):
        return JsonResponse({"errors": form.errors}, status=422)
    asked = PicturesForm(request.GET)
    page = queries.pictures_page(book, asked.wanted(), asked.cursor())
    context = {"page": page, "form": form, "may_edit": BookAct.EDIT in request.acts}
    return page_or_part(request, "books/pictures.html#panel", context, status=422 if form.is_bound else 200)


def keep(request: TenantRequest, book: Book, form: PictureForm) -> Picture | None:
    """Draw, store and add what was uploaded; None when the form says why not."""
    upload = form.cleaned_data["picture"]
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    if known := Picture.objects.of(book.organization).filter(book=book, digest=digest.hexdigest()).first():
        return known
    try:
        drawing = storing.store(book, new_id(), upload)
    except DomainError as refusal:
        form.add_error("picture", refusal.message)
        return None
    draft = actions.PictureDraft(
        name=form.name, alt=form.cleaned_data["alt"], digest=digest.hexdigest(), **vars(drawing)
    )
    return add(request, book, form, draft, drawing)


def add(
    request: TenantRequest,
    book: Book,
    form: PictureForm,
    draft: actions.PictureDraft,
    drawing: storing.StoredDrawing,
) -> Picture | None:
    """Make the row; of what was refused, or came twice at once, no file stays."""
    try:
        picture = actions.add_picture(book=book, by=request.member.person, draft=draft)
    except DomainError as refusal:
        storing.discard(drawing)
        form.add_error("picture", refusal.message)
        return None
    if picture.pk != drawing.id:
        storing.discard(drawing)
    return picture


def added(request: TenantRequest, picture: Picture) -> HttpResponse:
    """Say so, or tell the program what to put into the text."""
    if wants_json(request):
        said = {"id": str(picture.pk), "alt": picture.alt, "markdown": queries.markdown_of(picture.pk, picture.alt)}
        return JsonResponse(said, status=201)
    messages.success(request, _("“%(name)s” is among the pictures of this book.") % {"name": picture.name})
    return redirect("books:pictures", request.member.organization.slug, picture.book_id)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def picture(request: TenantRequest, book_id: UUID, picture_id: UUID) -> HttpResponse:
    """One picture, where it is shown, and the form that describes it."""
    found = fetch(request, book_id, picture_id, BookAct.EDIT if request.method == "POST" else BookAct.COMMENT)
    given = {"alt": found.alt, "decorates": found.is_decorative}
    form = DescriptionForm(request.POST) if request.method == "POST" else DescriptionForm(initial=given)
    if form.is_valid():
        actions.describe_picture(picture=found, by=request.member.person, alt=form.cleaned_data["alt"])
        messages.success(request, _("The description is saved."))
        return redirect("books:pictures", request.member.organization.slug, book_id)
    address = queries.tenant_address(request.member.organization.slug, book_id)
    context = {
        "book": found.book,
        "line": queries.picture_line(found),
        "srcset": queries.shown_as(found, address).srcset,
        "form": form,
        "may_edit": BookAct.EDIT in request.acts,
    }
    return page_or_part(request, "books/picture.html#panel", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def picture_remove(request: TenantRequest, book_id: UUID, picture_id: UUID) -> HttpResponse:
    """Ask, naming the chapters that show it, then take a picture away."""
    found = fetch(request, book_id, picture_id, BookAct.EDIT)
    if request.method != "POST":
        return page_or_part(
            request, "books/picture_remove.html#panel", {"book": found.book, "line": queries.picture_line(found)}
        )
    actions.remove_picture(picture=found, by=request.member.person, even_used="used" in request.POST)
    messages.success(request, _("Removed: %(title)s.") % {"title": found.name})
    return redirect("books:pictures", request.member.organization.slug, book_id)


@require_safe
@tenant_view
def picture_small(request: TenantRequest, book_id: UUID, picture_id: UUID) -> HttpResponseBase:
    """The picture for screens, to who may read the book."""
    return answer(request, fetch(request, book_id, picture_id, BookAct.READ), small=True)


@require_safe
@tenant_view
def picture_large(request: TenantRequest, book_id: UUID, picture_id: UUID) -> HttpResponseBase:
    """The picture for print, by the same rules."""
    return answer(request, fetch(request, book_id, picture_id, BookAct.READ), small=False)


def fetch(request: TenantRequest, book_id: UUID, picture_id: UUID, act: BookAct) -> Picture:
    """The picture with its book, for who may do that with the book."""
    book = fetch_book(request, book_id, act)
    found = get_object_or_404(Picture.objects.of(book.organization), pk=picture_id, book=book)
    found.book = book
    return found


def answer(request: HttpRequest, picture: Picture, *, small: bool) -> HttpResponseBase:
    """The file of a picture, to who was let through already: never another one at this address, so kept for ever.

    Raises Http404 when it is no longer stored.
    """
    etag = f'"{picture.digest[:32]}-{"small" if small else "large"}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        unchanged.headers["Cache-Control"] = FOR_EVER
        return unchanged
    try:
        with default_storage.open(picture.small_file if small else picture.file) as stored:
            response = HttpResponse(stored.read(), content_type=picture.media_type)
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["ETag"], response.headers["Cache-Control"] = etag, FOR_EVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

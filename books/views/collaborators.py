"""Who works on a book, as its author and those who lead it see them; and leaving it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from books.actions import collaborators as actions
from books.forms.collaborators import AgainForm, CollaboratorRoleForm, CollaboratorsForm, InviteCollaboratorsForm
from books.models import BookAct, Collaborator, CollaboratorRole, CollaboratorState
from books.queries import collaborators as queries
from books.views.fetching import fetch_book
from core.errors import DomainError
from organizations.access import TenantRequest, tenant_view


@require_safe
@tenant_view
def collaborators(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Everybody who has, had or is offered a part in the book."""
    book = fetch_book(request, book_id, BookAct.COLLABORATE)
    form = CollaboratorsForm(request.GET)
    page = queries.collaborators_page(book, request.member.person, form.wanted(), form.cursor())
    return render(request, "books/collaborators.html", {"page": page, "form": form, "book": book})


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def collaborator_new(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Invite one person or several."""
    book = fetch_book(request, book_id, BookAct.COLLABORATE)
    initial = {"language": request.member.person.language, "role": CollaboratorRole.COMMENTER}
    initial |= queries.as_before(book, AgainForm(request.GET).understood("again"))
    form = InviteCollaboratorsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        offer = form.cleaned_data | {"role": CollaboratorRole(form.cleaned_data["role"])}
        try:
            made = actions.invite_collaborators(book=book, by=request.member.person, **offer)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            said = ngettext("One person is invited.", "%(number)d people are invited.", len(made))
            messages.success(request, said % {"number": len(made)})
            return redirect("books:collaborators", request.member.organization.slug, book.pk)
    context = {"form": form, "book": book}
    return render(request, "books/collaborator_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def collaborator(request: TenantRequest, book_id: UUID, collaborator_id: UUID) -> HttpResponse:
    """Change what somebody is to the book."""
    grant = fetch(request, book_id, collaborator_id)
    form = CollaboratorRoleForm(request.POST or None, initial={"role": grant.role})
    if form.is_valid():
        role = CollaboratorRole(form.cleaned_data["role"])
        if actions.change_collaborator(grant=grant, by=request.member.person, role=role):
            messages.success(request, _("%(who)s: %(role)s.") % {"who": name_of(grant), "role": role.label})
        return to_list(request, book_id)
    context = {"form": form, "grant": grant, "book": grant.book, "name": name_of(grant)}
    return render(request, "books/collaborator.html", context, status=422 if form.is_bound else 200)


@require_POST
@tenant_view
def collaborator_resend(request: TenantRequest, book_id: UUID, collaborator_id: UUID) -> HttpResponse:
    """Send a new link; the one before is dead."""
    grant = fetch(request, book_id, collaborator_id)
    try:
        actions.resend_collaborator(grant=grant, by=request.member.person)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": grant.email})
    return to_list(request, book_id)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def collaborator_end(request: TenantRequest, book_id: UUID, collaborator_id: UUID) -> HttpResponse:
    """Ask, then withdraw an invitation or end a part in the book."""
    grant = fetch(request, book_id, collaborator_id)
    if request.method != "POST":
        context = {"grant": grant, "book": grant.book, "name": name_of(grant)}
        return render(request, "books/collaborator_end.html", context)
    was_active = grant.state == CollaboratorState.ACTIVE
    if actions.end_collaborator(grant=grant, by=request.member.person):
        said = _("%(who)s has no part in the book any more.") if was_active else _("The invitation of %(who)s is over.")
        messages.success(request, said % {"who": name_of(grant)})
    return to_list(request, book_id)


@require_http_methods(["GET", "HEAD", "POST"])
@tenant_view
def collaborator_leave(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Ask, then end one's own part in the book."""
    book = fetch_book(request, book_id)
    grant = queries.own_grant(book, request.member.person)
    if grant is None:
        messages.info(request, _("You have no part in this book that you could end."))
        return redirect("books:book", request.member.organization.slug, book_id)
    if request.method != "POST":
        return render(request, "books/collaborator_leave.html", {"book": book})
    actions.end_collaborator(grant=grant, by=request.member.person)
    messages.success(request, _("You have no part in “%(title)s” any more.") % {"title": book.title})
    return redirect("books:book_list", request.member.organization.slug)


def fetch(request: TenantRequest, book_id: UUID, collaborator_id: UUID) -> Collaborator:
    """A part in that book, for who leads it; Http404 for any other."""
    book = fetch_book(request, book_id, BookAct.COLLABORATE)
    rows = Collaborator.objects.of(book.organization).filter(book=book).select_related("person", "organization")
    grant = get_object_or_404(rows, pk=collaborator_id)
    grant.book = book
    return grant


def name_of(grant: Collaborator) -> str:
    """Whom the part is of."""
    return grant.person.name if grant.person else grant.email


def to_list(request: TenantRequest, book_id: UUID) -> HttpResponse:
    """Back to everybody."""
    return redirect("books:collaborators", request.member.organization.slug, book_id)

"""Making a further organization."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import me
from organizations.actions.opening import open_organization
from organizations.errors import OrganizationRefused
from organizations.forms.opening import OpenForm


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Name and address; whoever makes it owns it."""
    form = OpenForm(request.POST or None)
    if form.is_valid():
        try:
            organization = open_organization(by=me(request), **form.cleaned_data)
        except OrganizationRefused as refusal:
            form.add_error("slug" if refusal.code == "address" else None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” is open. You are its owner.") % {"name": organization.name})
            return redirect("books:home", organization.slug)
    return render(request, "organizations/new.html", {"form": form}, status=422 if form.is_bound else 200)

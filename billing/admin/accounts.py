"""Credits of every organization, and putting them right."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from billing.actions import credits as credit_actions
from billing.admin.catalogue import staff_of
from billing.forms.adjustments import AdjustForm
from billing.models import CreditAccount
from core.admin import ReadOnlyAdmin
from core.errors import DomainError


@admin.register(CreditAccount)
class CreditAccountAdmin(ReadOnlyAdmin):
    """What each organization has, holds for work under way, and owes."""

    list_display = ["organization", "available", "reserved", "debt", "updated_at"]
    list_filter = ["updated_at"]
    list_select_related = ["organization"]
    search_fields = ["organization__name", "organization__slug"]
    actions_detail = ["to_adjust"]

    @action(description=gettext_lazy("Put right"), url_path="to-adjust", permissions=["adjust"])  # type: ignore[untyped-decorator]
    def to_adjust(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The form."""
        return redirect("admin:billing_adjust_credits", object_id)

    def has_adjust_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Looking at credits is not yet the right to change them."""
        return bool(request.user.has_perm("billing.change_creditaccount"))

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the form."""
        adjust = self.admin_site.admin_view(self.adjust)
        return [path("<uuid:account_id>/adjust/", adjust, name="billing_adjust_credits"), *super().get_urls()]

    def adjust(self, request: HttpRequest, account_id: UUID) -> HttpResponse:
        """A form; a POST adjusts, once however often it is sent."""
        if not self.has_adjust_permission(request):
            raise PermissionDenied
        account = get_object_or_404(CreditAccount.objects.select_related("organization"), pk=account_id)
        form = AdjustForm(request.POST or None)
        if form.is_valid():
            try:
                credit_actions.adjust(organization=account.organization, by=staff_of(request), **form.cleaned_data)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("It is put right."))
                return redirect("admin:billing_creditaccount_change", account.pk)
        said = {"organization": account.organization.name, "available": account.available}
        title = _("Put the credits of %(organization)s right (%(available)s are there)") % said
        page: dict[str, Any] = self.admin_site.each_context(request) | {"form": form, "opts": self.opts, "title": title}
        return render(request, "admin/billing/give.html", page, status=422 if form.is_bound else 200)

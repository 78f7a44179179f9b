"""Invitations to the closed beta, for staff: made singly or from a table, sent again, revoked."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from accounts.actions import beta
from accounts.forms.beta import InviteForm, TableForm
from accounts.models import BetaInvite, User
from core.admin import ReadOnlyAdmin
from core.errors import DomainError

STATES = {
    "open": (gettext_lazy("unused"), Q(used_at=None, revoked_at=None)),
    "used": (gettext_lazy("used"), Q(used_at__isnull=False)),
    "revoked": (gettext_lazy("revoked"), Q(revoked_at__isnull=False)),
}


class StateFilter(admin.SimpleListFilter):
    """Unused, used or revoked."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The three of them."""
        return [(key, label) for key, (label, _condition) in STATES.items()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[BetaInvite]) -> QuerySet[BetaInvite]:
        """Those in the chosen one."""
        return queryset.filter(STATES[self.value() or ""][1]) if self.value() in STATES else queryset


@admin.register(BetaInvite)
class BetaInviteAdmin(ReadOnlyAdmin):
    """Every invitation. The code is shown nowhere: it is in the mail."""

    list_display = ["email", "state", "language", "invited_by", "mailed_at", "used_at", "used_by", "created_at"]
    list_filter = [StateFilter, "language", "created_at"]
    list_select_related = ["invited_by", "used_by"]
    search_fields = ["email", "used_by__email", "id"]
    exclude = ["code"]
    actions = ["resend", "revoke"]
    actions_list = ["to_invite"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, invite: BetaInvite) -> str:
        """In a word."""
        key = "used" if invite.used_at else "revoked" if invite.revoked_at else "open"
        return str(STATES[key][0])

    @admin.action(description=gettext_lazy("Send again"), permissions=["invite"])
    def resend(self, request: HttpRequest, queryset: QuerySet[BetaInvite]) -> None:
        """Mail the chosen ones once more."""
        self._each(request, queryset, beta.resend)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["invite"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[BetaInvite]) -> None:
        """Make the chosen codes worthless."""
        self._each(request, queryset, beta.revoke)

    def has_invite_permission(self, request: HttpRequest) -> bool:
        """Looking at invitations is not yet the right to make or end them."""
        return bool(request.user.has_perm("accounts.add_betainvite"))

    def _each(self, request: HttpRequest, queryset: QuerySet[BetaInvite], act: Callable[..., None]) -> None:
        for invite in queryset:
            try:
                act(invite=invite, by=request.user)
            except DomainError as refusal:
                messages.error(request, f"{invite}: {refusal.message}")

    @action(description=gettext_lazy("Invite"), url_path="to-invite")  # type: ignore[untyped-decorator]
    def to_invite(self, _request: HttpRequest) -> HttpResponseBase:
        """The page that invites."""
        return redirect("admin:accounts_invite")

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the page that invites."""
        return [path("invite/", self.admin_site.admin_view(self.invite), name="accounts_invite"), *super().get_urls()]

    def invite(self, request: HttpRequest) -> HttpResponse:
        """One address, or a table of them with a report of each row that was not invited."""
        if not self.has_invite_permission(request):
            raise PermissionDenied
        sent = request.POST.get("form") if request.method == "POST" else None
        one = InviteForm(request.POST if sent == "one" else None)
        table = TableForm(*((request.POST, request.FILES) if sent == "table" else ()))
        if one.is_valid() and self._invite_one(request, one):
            return redirect("admin:accounts_betainvite_changelist")
        lines = self._invite_all(request, table) if table.is_valid() else []
        refused = [line for line in lines if line.problem]
        context = {"title": _("Invite to the closed beta"), "one": one, "table": table, "lines": lines,
                   "refused": refused, "opts": self.opts}  # fmt: skip
        wrong = one.errors or table.errors
        page = self.admin_site.each_context(request) | context
        return render(request, "admin/accounts/invite.html", page, status=422 if wrong else 200)

    def _invite_one(self, request: HttpRequest, form: InviteForm) -> bool:
        try:
            beta.invite(**form.cleaned_data, by=_staff(request))
        except DomainError as refusal:
            form.add_error("email", refusal.message)
            return False
        messages.success(request, _("%(email)s is invited.") % {"email": form.cleaned_data["email"]})
        return True

    def _invite_all(self, request: HttpRequest, form: TableForm) -> list[Any]:
        lines: list[Any] = form.cleaned_data["table"]
        people = [(line.email, line.language) for line in lines if not line.problem]
        number = beta.invite_all(people=people, by=_staff(request))
        said = ngettext("%(number)d person is invited.", "%(number)d people are invited.", number) % {"number": number}
        messages.success(request, said)
        return lines


def _staff(request: HttpRequest) -> User:
    """The member of the staff, typed."""
    assert isinstance(request.user, User)  # noqa: S101  # the admin saw to it
    return request.user

"""People, for staff: looked at, made staff, and acted as."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from accounts.actions import acting, staff
from accounts.forms.staff import ActingForm, RightsForm
from accounts.models import MAY_APPOINT, Impersonation, StaffGroup, User
from core.admin import ReadOnlyAdmin
from core.errors import DomainError

admin.site.unregister(Group)
# allauth's own tables are addresses, factors, tokens and sessions: credentials, which staff neither see nor touch.
for label in ("account", "mfa", "socialaccount", "usersessions"):
    admin.site.unregister([one for one in apps.get_app_config(label).get_models() if admin.site.is_registered(one)])


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Search and look. Two buttons: rights of the staff, which ask for the password again, and acting as the person."""

    list_display = ["email", "display_name", "language", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "groups", "language"]
    search_fields = ["email", "display_name", "id"]
    ordering = ["-id"]
    fields = ["email", "display_name", "language", "time_zone", "theme", "is_active", "is_staff", "is_superuser",
              "groups", "last_login", "date_joined", "closed_at", "erased_at"]  # fmt: skip
    actions_detail = ["to_acting", "to_rights"]

    @action(description=gettext_lazy("Act as this person"), url_path="to-acting", permissions=["act"])  # type: ignore[untyped-decorator]
    def to_acting(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page that asks why."""
        return redirect("admin:accounts_act", object_id)

    @action(description=gettext_lazy("Rights of the staff"), url_path="to-rights", permissions=["appoint"])  # type: ignore[untyped-decorator]
    def to_rights(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page that changes them."""
        return redirect("admin:accounts_rights", object_id)

    def has_act_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Support and administrators."""
        return isinstance(request.user, User) and acting.may_act(request.user)

    def has_appoint_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Administrators."""
        return bool(request.user.has_perm(MAY_APPOINT))

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the two pages."""
        view = self.admin_site.admin_view
        own = [
            path("<uuid:person_id>/act/", view(self.act), name="accounts_act"),
            path("<uuid:person_id>/rights/", view(reauthentication_required(self.rights)), name="accounts_rights"),
        ]
        return [*own, *super().get_urls()]

    def act(self, request: HttpRequest, person_id: Any) -> HttpResponse:
        """Ask why, then go on as the person in a new session."""
        person, form = get_object_or_404(User, pk=person_id), ActingForm(_sent(request))
        if not self.has_act_permission(request):
            raise PermissionDenied
        if form.is_valid():
            try:
                begun = acting.begin_acting(staff=_me(request), person=person, reason=form.cleaned_data["reason"])
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                acting.enter(request.session, begun=begun)
                rotate_token(request)
                return redirect("organizations:landing")
        return self._page(request, "admin/accounts/act.html", person, form)

    def rights(self, request: HttpRequest, person_id: Any) -> HttpResponse:
        """Staff or not, and of which groups; the person is signed out everywhere."""
        person = get_object_or_404(User, pk=person_id)
        if not self.has_appoint_permission(request):
            raise PermissionDenied
        before = {"is_staff": person.is_staff, "groups": list(person.groups.values_list("name", flat=True))}
        form = RightsForm(_sent(request), initial=before)
        if form.is_valid():
            groups = [StaffGroup(code) for code in form.cleaned_data["groups"]]
            try:
                staff.appoint(by=_me(request), person=person, is_staff=form.cleaned_data["is_staff"], groups=groups)
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("The rights are changed, and the person is signed out everywhere."))
                return redirect("admin:accounts_user_change", person.pk)
        return self._page(request, "admin/accounts/rights.html", person, form)

    def _page(self, request: HttpRequest, template: str, person: User, form: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": person.email, "person": person, "form": form,
                   "opts": self.opts}  # fmt: skip
        return render(request, template, context, status=422 if form.is_bound else 200)


def _sent(request: HttpRequest) -> Any:
    """What a form sent; a form of switches alone may send nothing."""
    return request.POST if request.method == "POST" else None


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # narrows the type; the admin let nobody else in
    return request.user


@admin.register(Group)
class GroupAdmin(ReadOnlyAdmin):
    """The staff's groups, to look at: what they may do stands in the code (accounts.models.staff)."""

    list_display = ["name"]
    search_fields = ["name"]
    filter_horizontal = ["permissions"]


@admin.register(Impersonation)
class ImpersonationAdmin(ReadOnlyAdmin):
    """Who acted as whom, when and why."""

    list_display = ["staff", "person", "reason", "created_at", "ends_at", "ended_at"]
    list_filter = ["created_at"]
    list_select_related = ["staff", "person"]
    search_fields = ["staff__email", "person__email", "reason"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Begun on the person's own page."""
        return False

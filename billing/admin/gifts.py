"""What staff give: plans and credits, with the reason; and what they take back."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from billing.actions import gifts
from billing.admin.catalogue import staff_of
from billing.forms.gifts import GiveCreditsForm, GivePlanForm, TakeBackForm
from billing.models import CreditLot, EntryKind, LedgerEntry, PlanGift
from core.admin import ReadOnlyAdmin
from core.errors import DomainError

SHOWN = 100


@admin.register(PlanGift)
class PlanGiftAdmin(ReadOnlyAdmin):
    """Plans that were given, the newest first."""

    list_display = ["organization", "plan", "until", "reason", "created_at", "ended_at"]
    list_filter = ["plan", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organization", "plan"]
    search_fields = ["organization__name", "organization__slug", "reason"]
    actions_list = ["to_plan", "to_credits"]
    actions_detail = ["to_take_back"]

    @action(description=gettext_lazy("Give a plan"), url_path="to-plan", permissions=["give"])  # type: ignore[untyped-decorator]
    def to_plan(self, _request: HttpRequest) -> HttpResponseBase:
        """The form."""
        return redirect("admin:billing_give_plan")

    @action(description=gettext_lazy("Credits given"), url_path="to-credits", permissions=["give"])  # type: ignore[untyped-decorator]
    def to_credits(self, _request: HttpRequest) -> HttpResponseBase:
        """The form, and what was given."""
        return redirect("admin:billing_give_credits")

    @action(description=gettext_lazy("Take back"), url_path="to-take-back", permissions=["give"])  # type: ignore[untyped-decorator]
    def to_take_back(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page that asks."""
        return redirect("admin:billing_take_back_plan", object_id)

    def has_give_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Looking at gifts is not yet the right to give."""
        return bool(request.user.has_perm("billing.add_plangift"))

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and a page for each thing one can do."""
        view = self.admin_site.admin_view
        own = [
            path("give/", view(self.give_plan), name="billing_give_plan"),
            path("credits/", view(self.give_credits), name="billing_give_credits"),
            path("<uuid:gift_id>/take-back/", view(self.take_back_plan), name="billing_take_back_plan"),
        ]
        return [*own, *super().get_urls()]

    def give_plan(self, request: HttpRequest) -> HttpResponse:
        """A form; a POST gives."""
        self._refuse(request)
        form = GivePlanForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._done(form, lambda: _give_plan(form, request)):
            messages.success(request, _("It is given, and the organization was told."))
            return redirect("admin:billing_plangift_changelist")
        return self._page(request, "give", form, {"title": _("Give a plan")})

    def give_credits(self, request: HttpRequest) -> HttpResponse:
        """A form, and gifts of which something is left; a POST gives, or takes one of them back."""
        self._refuse(request)
        if "entry" in request.POST:
            self._take_back_credits(request)
            return redirect(request.path)
        form = GiveCreditsForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._done(form, lambda: _give_credits(form, request)):
            messages.success(request, _("They are given, and the organization was told."))
            return redirect(request.path)
        lots = CreditLot.objects.filter(entry__kind=EntryKind.BONUS, available__gt=0, entry__by_id__isnull=False)
        lots = lots.select_related("entry", "organization").order_by("-id")[:SHOWN]
        return self._page(request, "give", form, {"title": _("Give credits"), "lots": lots})

    def take_back_plan(self, request: HttpRequest, gift_id: UUID) -> HttpResponse:
        """Asks; a POST does it."""
        self._refuse(request)
        gift = get_object_or_404(PlanGift.objects.select_related("organization", "plan"), pk=gift_id)
        if request.method == "POST":
            if gifts.take_back_plan(gift=gift, by=staff_of(request)):
                messages.success(request, _("It is taken back, and the organization was told."))
            return redirect("admin:billing_plangift_change", gift.pk)
        return self._page(request, "take_back", Form(), {"title": _("Take this plan back"), "gift": gift})

    def _take_back_credits(self, request: HttpRequest) -> None:
        form = TakeBackForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say why: the reason is kept with it."))
            return
        rows = LedgerEntry.objects.select_related("organization")
        entry = get_object_or_404(rows, pk=form.cleaned_data["entry"])
        try:
            gifts.take_back_credits(entry=entry, reason=form.cleaned_data["reason"], by=staff_of(request))
        except DomainError as refusal:
            messages.error(request, refusal.message)

    def _refuse(self, request: HttpRequest) -> None:
        if not self.has_give_permission(request):
            raise PermissionDenied

    def _done(self, form: Form, give: Any) -> bool:
        """Whether it was given; a refusal is said beside the form."""
        try:
            give()
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        return not form.errors

    def _page(self, request: HttpRequest, name: str, form: Form, context: dict[str, Any]) -> HttpResponse:
        page = self.admin_site.each_context(request) | {"form": form, "opts": self.opts} | context
        return render(request, f"admin/billing/{name}.html", page, status=422 if form.is_bound else 200)


def _give_plan(form: GivePlanForm, request: HttpRequest) -> None:
    said = {name: form.cleaned_data[name] for name in ("organization", "plan", "reason")}
    gifts.give_plan(**said, until=form.ends(), by=staff_of(request))


def _give_credits(form: GiveCreditsForm, request: HttpRequest) -> None:
    said = {name: form.cleaned_data[name] for name in ("organization", "amount", "reason", "key")}
    gifts.give_credits(**said, expires_at=form.ends(), by=staff_of(request))

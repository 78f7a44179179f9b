"""What is sold, edited by staff; prices, each change of which is a new one; and the price list at the providers."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from accounts.models import User
from billing.actions import catalogue
from billing.forms.prices import PriceForm
from billing.models import CreditPack, PageTier, Plan, Price, ProviderPrice, Service, ServiceDelay
from billing.queries import mirrors
from core.admin import ReadOnlyAdmin
from core.errors import DomainError

Item = Plan | CreditPack | Service
KINDS: dict[str, type[Item]] = {"plan": Plan, "pack": CreditPack, "service": Service}
TEXTS = ["code", ("name", "name_fr"), ("description", "description_fr"), "on_sale"]


class ItemAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Something that is sold. It is taken off sale, never deleted: what was sold refers to it."""

    kind = ""
    list_display = ["code", "name", "on_sale", "prices_shown"]
    list_filter = ["on_sale"]
    search_fields = ["code", "name", "name_fr"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the prices of the list's column."""
        return super().get_queryset(request).prefetch_related("prices")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Its code is its name at the providers: it stays; prices have a page of their own."""
        return ["prices_link", *(["code"] if obj else [])]

    @admin.display(description=gettext_lazy("Prices"))
    def prices_shown(self, item: Any) -> str:
        """How many there are now."""
        return number_format(sum(one.retired_at is None for one in item.prices.all()))

    @admin.display(description=gettext_lazy("Prices"))
    def prices_link(self, item: Any) -> str:
        """To the page of its prices."""
        if item.pk is None or item._state.adding:
            return str(_("They are set once it is saved."))
        url = reverse("admin:billing_prices", args=[self.kind, item.pk])
        return format_html('<a class="underline" href="{}">{}</a>', url, _("Prices and their history"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """By the actions, which lock, bring what changes to whom it concerns, and keep the trail."""
        if change:
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            catalogue.edit_item(item=obj, by=staff_of(request), **changed)
        else:
            catalogue.add_item(item=obj, by=staff_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Taken off sale instead."""
        return False


@admin.register(Plan)
class PlanAdmin(ItemAdmin):
    """Plans: what they allow reaches everybody who has them, within minutes."""

    kind = "plan"
    list_display = ["code", "name", "rank", "members", "books", "credits_a_month", "on_sale", "prices_shown"]
    fields = [*TEXTS, "rank", ("members", "books", "books_a_month"),
              ("storage_bytes", "api_requests_an_hour", "generations_a_month"),
              ("credits_a_month", "credits_once"), "prices_link"]  # fmt: skip


@admin.register(CreditPack)
class CreditPackAdmin(ItemAdmin):
    """Packs of credits."""

    kind = "pack"
    list_display = ["code", "name", "credits", "on_sale", "prices_shown"]
    fields = [*TEXTS, "credits", "prices_link"]


class ServiceDelayInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """How long so many pages take."""

    model = ServiceDelay
    extra = 0


@admin.register(Service)
class ServiceAdmin(ItemAdmin):
    """Work by people."""

    kind = "service"
    list_display = ["code", "name", "kind_shown", "on_request", "on_sale", "prices_shown"]
    fields = [*TEXTS, "kind", "on_request", "rank", ("days_min", "days_max"), ("rush_hours", "rush_percent"),
              "prices_link"]  # fmt: skip
    inlines = [ServiceDelayInline]

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def kind_shown(self, service: Service) -> str:
        """By the page, or one price (`kind` is this admin's own)."""
        return str(service.get_kind_display())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The delays, by their action."""
        formset.save(commit=False)  # fills what the admin tells of the change
        rows = [row for row in formset.cleaned_data if row and not row.get("DELETE")]
        delays = [(row["up_to_pages"], row["days_min"], row["days_max"]) for row in rows]
        catalogue.set_delays(service=form.instance, by=staff_of(request), delays=delays)


class TierInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Tiers of a price by the page."""

    model = PageTier
    extra = 0
    can_delete = False
    fields = readonly_fields = ["first_page", "last_page", "amount"]

    def has_add_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        """With a new price."""
        return False


class MirrorInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Where the price stands at providers."""

    model = ProviderPrice
    extra = 0
    can_delete = False
    fields = readonly_fields = ["provider", "livemode", "product_id", "provider_id", "archived_at", "synced_at"]

    def has_add_permission(self, request: HttpRequest, obj: Price | None = None) -> bool:
        """By the sync."""
        return False


@admin.register(Price)
class PriceAdmin(ReadOnlyAdmin):
    """Every price there ever was; a new one is set on the page of what it is the price of."""

    list_display = ["item_code", "currency", "interval", "money", "version", "trial_days", "created_at", "retired_at"]
    list_filter = ["currency", "interval", ("retired_at", admin.EmptyFieldListFilter), "plan", "pack", "service"]
    list_select_related = ["plan", "pack", "service"]
    search_fields = ["id", "plan__code", "pack__code", "service__code"]
    inlines = [TierInline, MirrorInline]
    actions_list = ["to_catalogue"]

    @admin.display(description=gettext_lazy("of"))
    def item_code(self, price: Price) -> str:
        """What it is the price of."""
        return price.item.code

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def money(self, price: Price) -> str:
        """With its currency."""
        return str(price.money)

    @action(description=gettext_lazy("At the providers"), url_path="to-catalogue")  # type: ignore[untyped-decorator]
    def to_catalogue(self, _request: HttpRequest) -> HttpResponseBase:
        """The page of the price list at the providers."""
        return redirect("admin:billing_catalogue")

    def get_urls(self) -> list[URLPattern]:
        """The list's own, the prices of one thing, and the price list at the providers."""
        view = self.admin_site.admin_view
        own = [
            path("of/<slug:kind>/<uuid:item_id>/", view(self.prices), name="billing_prices"),
            path("catalogue/", view(self.catalogue), name="billing_catalogue"),
        ]
        return [*own, *super().get_urls()]

    def prices(self, request: HttpRequest, kind: str, item_id: UUID) -> HttpResponse:
        """All prices of one thing, the newest first; a POST sets another one, or retires one."""
        if kind not in KINDS or not self.has_view_permission(request):
            raise Http404 if kind not in KINDS else PermissionDenied
        item: Any = get_object_or_404(KINDS[kind], pk=item_id)
        form = PriceForm(request.POST if request.method == "POST" and "retire" not in request.POST else None, item=item)
        if request.method == "POST" and self._changed(request, item, form):
            return redirect(request.path)
        rows = Price.objects.filter(**{kind: item}).prefetch_related("tiers").select_related("plan", "pack", "service")
        rows = rows.order_by("currency", "interval", "-version")
        context = {"title": _("Prices of “%(item)s”") % {"item": item}, "item": item, "form": form, "rows": rows}
        return self._page(request, "admin/billing/prices.html", context, 422 if form.is_bound else 200)

    def catalogue(self, request: HttpRequest) -> HttpResponse:
        """What the providers know of the price list, by our rows; a POST lets a worker bring them up to date."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        accounts = mirrors.accounts()
        if request.method == "POST":
            may_change(request)
            for account in accounts:
                catalogue.ask_for_sync(account=account, by=staff_of(request))
            messages.success(request, _("A worker brings the price list up to date: look again in a few seconds."))
            return redirect("admin:billing_catalogue")
        context = {"title": _("The price list at the providers"), "accounts": accounts}
        return self._page(request, "admin/billing/catalogue.html", context)

    def _changed(self, request: HttpRequest, item: Item, form: PriceForm) -> bool:
        """Whether the action was done; what it refuses is said beside the form."""
        may_change(request)
        try:
            if "retire" in request.POST:
                price = get_object_or_404(Price, pk=request.POST["retire"])
                catalogue.retire_price(price=price, by=staff_of(request))
                messages.success(request, _("%(price)s is sold no more.") % {"price": price})
            elif form.is_valid():
                made = catalogue.set_price(item=item, by=staff_of(request), **form.asked())
                messages.success(request, _("%(price)s is what it costs from now on.") % {"price": made})
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        return not form.errors

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        page = self.admin_site.each_context(request) | context | {"opts": self.opts}
        return render(request, template, page, status=status)


def may_change(request: HttpRequest) -> None:
    """Raises PermissionDenied for who may look and not change."""
    if not request.user.has_perm("billing.change_price"):
        raise PermissionDenied


def staff_of(request: HttpRequest) -> User:
    """The member of the staff, typed."""
    assert isinstance(request.user, User)  # noqa: S101  # the admin saw to it
    return request.user

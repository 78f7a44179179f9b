"""What was ordered, paid and paid back, for staff: to search and read; a payment is paid back by a page that asks."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from billing.actions.refunds import refund, refundable
from billing.forms.refunds import RefundForm
from billing.models import (
    Customer,
    Dispute,
    Errand,
    LedgerEntry,
    LedgerLine,
    Payment,
    Purchase,
    Refund,
    Subscription,
)
from core import tenancy
from core.admin import ReadOnlyAdmin, ReadOnlyInline
from core.errors import DomainError


class RefundInline(ReadOnlyInline):
    """What went back."""

    model = Refund
    fields = ["created_at", "amount", "state", "reason", "provider_id"]
    readonly_fields = ["created_at"]


class DisputeInline(ReadOnlyInline):
    """What is called back."""

    model = Dispute
    fields = ["created_at", "amount", "state", "reason", "provider_id"]
    readonly_fields = ["created_at"]


class LineInline(ReadOnlyInline):
    """The sides of an entry."""

    model = LedgerLine
    fields = ["account", "amount", "unit"]


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    """Orders."""

    list_display = ["created_at", "organization", "price", "quantity", "money", "state", "problem", "paid_at"]
    list_filter = ["state", "currency", "provider", "livemode", "created_at"]
    list_select_related = ["organization", "price__plan", "price__pack", "price__service"]
    search_fields = ["organization__slug", "provider_id", "by__email", "id"]
    exclude = ["url"]

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def money(self, purchase: Purchase) -> str:
        """With its currency."""
        return purchase.money.shown


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Plans that are paid for."""

    list_display = ["organization", "price", "state", "period_end", "paid_until", "past_due_since", "is_surplus"]
    list_filter = ["state", "is_surplus", "cancel_at_period_end", "livemode", "created_at"]
    list_select_related = ["organization", "price__plan", "price__pack", "price__service"]
    search_fields = ["organization__slug", "provider_id", "id"]


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Money that came, with what went back of it."""

    list_display = ["created_at", "organization", "amount_shown", "state", "refunded_shown", "dispute_state", "card"]
    list_filter = ["state", "dispute_state", "currency", "provider", "livemode", "paid_at"]
    list_select_related = ["organization"]
    search_fields = ["organization__slug", "provider_id", "invoice_id", "id"]
    inlines = [RefundInline, DisputeInline]
    actions_detail = ["to_refund"]

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def amount_shown(self, payment: Payment) -> str:
        """With its currency."""
        return payment.money.shown

    @admin.display(description=gettext_lazy("kept"))
    def refunded_shown(self, payment: Payment) -> str:
        """What is left of it."""
        return payment.kept.shown

    @action(description=gettext_lazy("Refund"), url_path="to-refund", permissions=["refund"])  # type: ignore[untyped-decorator]
    def to_refund(self, _request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The page that asks how much and why."""
        return redirect("admin:billing_refund", object_id)

    def has_refund_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Looking at payments is not yet the right to pay them back."""
        return bool(request.user.has_perm("billing.change_payment"))

    def get_urls(self) -> list[URLPattern]:
        """The list's own, and the page that asks."""
        view = self.admin_site.admin_view(self.refund)
        return [path("<uuid:payment_id>/refund/", view, name="billing_refund"), *super().get_urls()]

    def refund(self, request: HttpRequest, payment_id: Any) -> HttpResponse:
        """How much and why; a POST has a worker ask the provider."""
        payment = get_object_or_404(Payment.objects.select_related("organization"), pk=payment_id)
        if not self.has_refund_permission(request):
            raise PermissionDenied
        left = refundable(payment)
        form = RefundForm(request.POST if request.method == "POST" else None, left=left)
        if form.is_valid() and self._refunded(request, payment, form):
            return redirect("admin:billing_payment_change", payment.pk)
        context = {"title": _("Refund a payment"), "payment": payment, "left": left, "form": form, "opts": self.opts}
        page = self.admin_site.each_context(request) | context
        return render(request, "admin/billing/refund.html", page, status=422 if form.errors else 200)

    def _refunded(self, request: HttpRequest, payment: Payment, form: RefundForm) -> bool:
        try:
            with tenancy.declared(payment.organization_id):
                refund(payment=payment, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]  # staff
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return False
        messages.success(request, _("A worker asks the provider now. The refund stands below once it is made."))
        return True


@admin.register(Errand)
class ErrandAdmin(ReadOnlyAdmin):
    """What providers are asked."""

    list_display = ["created_at", "organization", "kind", "state", "tries", "problem"]
    list_filter = ["kind", "state", "provider", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["organization__slug", "subject_id", "id"]
    exclude = ["result"]  # addresses that open somebody's page


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """Organizations as providers know them."""

    list_display = ["organization", "provider", "provider_id", "livemode", "created_at"]
    list_filter = ["provider", "livemode"]
    list_select_related = ["organization"]
    search_fields = ["organization__slug", "provider_id"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """All that was ever posted, with both sides."""

    list_display = ["created_at", "organization", "kind", "reference", "reason"]
    list_filter = ["kind", "created_at"]
    list_select_related = ["organization"]
    search_fields = ["organization__slug", "reference", "subject_id"]
    inlines = [LineInline]

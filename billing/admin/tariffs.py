"""The price table, edited by staff: a new version for every change."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from billing.models import CreditPrice, Tariff


class CreditPriceInline(TabularInline):  # type: ignore[misc]  # unfold ships no types
    """Prices of one version."""

    model = CreditPrice
    extra = 0


@admin.register(Tariff)
class TariffAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Versions of the table."""

    list_display = ["version", "in_force_from"]
    inlines = [CreditPriceInline]

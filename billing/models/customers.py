"""An organization as a provider knows it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from organizations.models import Organization, TenantRow


class Customer(Entity):
    """Whose payments a provider's customer makes. A resolver (ruling 4): ids alone, read before a tenant is known."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, verbose_name=_("organization"))
    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    provider_id = models.CharField(_("customer there"), max_length=100)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.UniqueConstraint(fields=["provider", "livemode", "provider_id"], name="customer_known_once"),
            models.UniqueConstraint(fields=["organization", "provider", "livemode"], name="customer_once"),
        ]

    def __str__(self) -> str:
        return self.provider_id


class SavedCard(TenantRow):
    """A card kept by the provider; we know what is printed on it but for its number."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cards", verbose_name=_("customer"))
    provider_id = models.CharField(_("card there"), max_length=100)
    brand = models.CharField(_("brand"), max_length=30)
    last4 = models.CharField(_("last four digits"), max_length=4)
    exp_month = models.PositiveSmallIntegerField(_("month"))
    exp_year = models.PositiveSmallIntegerField(_("year"))
    is_default = models.BooleanField(_("default"), default=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    class Meta:
        verbose_name = _("card")
        verbose_name_plural = _("cards")
        ordering = ["-is_default", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "provider_id"], name="saved_card_once"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="saved_card_one_default",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last4}"

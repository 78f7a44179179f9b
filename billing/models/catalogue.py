"""What is sold: plans, packs of credits, services, and their prices, which are never changed but replaced."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from core.money import Money

FREE = "FREE"  # the code of everybody’s plan


class Currency(models.TextChoices):
    """What can be paid in."""

    EUR = "EUR", _("euro")
    USD = "USD", _("US dollar")
    XOF = "XOF", _("West African CFA franc")
    NGN = "NGN", _("naira")
    GHS = "GHS", _("cedi")


class Interval(models.TextChoices):
    """How often a price is paid."""

    MONTH = "month", _("a month")
    YEAR = "year", _("a year")
    ONCE = "once", _("once")


class ServiceKind(models.TextChoices):
    """How a service is priced."""

    FLAT = "flat", _("one price")
    BY_PAGE = "by_page", _("by the page")


class OnSale(Entity):
    """What all that is sold has: a code, and its name in both languages of the site."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_fr = models.CharField(_("name in French"), max_length=60)
    description = models.CharField(_("description"), max_length=300, blank=True)
    description_fr = models.CharField(_("description in French"), max_length=300, blank=True)
    on_sale = models.BooleanField(_("on sale"), default=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "").startswith("fr") else self.name

    @property
    def summary(self) -> str:
        """The description in the reader's language."""
        return self.description_fr if (get_language() or "").startswith("fr") else self.description


class Plan(OnSale):
    """What an organization may use, and the credits it gets. A limit that is None is unlimited."""

    rank = models.PositiveSmallIntegerField(_("rank"), unique=True)  # from a lower to a higher one is an upgrade
    members = models.PositiveIntegerField(_("members"), null=True, blank=True)
    books = models.PositiveIntegerField(_("books"), null=True, blank=True)
    books_a_month = models.PositiveIntegerField(_("books a month"), null=True, blank=True)
    storage_bytes = models.PositiveBigIntegerField(_("storage (bytes)"), null=True, blank=True)
    api_requests_an_hour = models.PositiveIntegerField(_("API requests an hour"), null=True, blank=True)
    generations_a_month = models.PositiveIntegerField(_("personalized generations a month"), null=True, blank=True)
    credits_a_month = models.PositiveIntegerField(_("credits a month"), default=0)
    credits_once = models.PositiveIntegerField(_("credits, once a person"), default=0)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["rank"]


class CreditPack(OnSale):
    """Credits bought without a plan; they never expire."""

    credits = models.PositiveIntegerField(_("credits"))

    class Meta:
        verbose_name = _("pack of credits")
        verbose_name_plural = _("packs of credits")
        ordering = ["credits"]
        constraints = [models.CheckConstraint(condition=Q(credits__gte=1), name="credit_pack_positive")]


class Service(OnSale):
    """Work by people. Orders of it come with corrections; its price and delay are known now."""

    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind, default=ServiceKind.FLAT)
    on_request = models.BooleanField(_("on request"), default=False)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    days_min = models.PositiveSmallIntegerField(_("days, at least"), null=True, blank=True)
    days_max = models.PositiveSmallIntegerField(_("days, at most"), null=True, blank=True)
    # Ready within that many hours for so much more; None where there is no rush.
    rush_hours = models.PositiveSmallIntegerField(_("rush (hours)"), null=True, blank=True)
    rush_percent = models.PositiveSmallIntegerField(_("rush (per cent more)"), default=0)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["rank", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="service_kind_known"),
            models.CheckConstraint(
                condition=Q(days_min__isnull=True, days_max__isnull=True) | Q(days_min__lte=F("days_max")),
                name="service_days_in_order",
            ),
        ]


class ServiceDelay(Entity):
    """How long a service by the page takes, up to so many pages."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="delays", verbose_name=_("service"))
    up_to_pages = models.PositiveIntegerField(_("up to (pages)"))
    days_min = models.PositiveSmallIntegerField(_("days, at least"))
    days_max = models.PositiveSmallIntegerField(_("days, at most"))

    class Meta:
        verbose_name = _("delay")
        verbose_name_plural = _("delays")
        ordering = ["up_to_pages"]
        constraints = [
            models.UniqueConstraint(fields=["service", "up_to_pages"], name="service_delay_once"),
            models.CheckConstraint(condition=Q(days_min__lte=F("days_max")), name="service_delay_in_order"),
        ]

    def __str__(self) -> str:
        return f"≤ {self.up_to_pages}: {self.days_min}–{self.days_max}"


class PriceQuerySet(models.QuerySet["Price"]):
    """Prices."""

    def current(self) -> "PriceQuerySet":
        """Those that are sold today."""
        return self.filter(retired_at__isnull=True)


class Price(Entity):
    """What one thing costs in one currency. Only `retired_at` ever changes: who bought at a price keeps it.

    `amount` is gross (ruling 28), in minor units; of a service by the page it is 0, and its tiers say the rest.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="prices")
    pack = models.ForeignKey(CreditPack, on_delete=models.PROTECT, null=True, blank=True, related_name="prices")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="prices")
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    interval = models.CharField(_("interval"), max_length=5, choices=Interval)
    amount = models.PositiveBigIntegerField(_("amount (minor units)"))
    version = models.PositiveIntegerField(_("version"), default=1)
    trial_days = models.PositiveSmallIntegerField(_("trial (days)"), default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["plan__rank", "pack", "service", "currency", "interval", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(plan__isnull=False, pack__isnull=True, service__isnull=True)
                | Q(plan__isnull=True, pack__isnull=False, service__isnull=True)
                | Q(plan__isnull=True, pack__isnull=True, service__isnull=False),
                name="price_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=False, interval__in=[Interval.MONTH, Interval.YEAR])
                | Q(plan__isnull=True, interval=Interval.ONCE, trial_days=0),
                name="price_interval_fits",
            ),
            models.CheckConstraint(condition=Q(currency__in=Currency.values), name="price_currency_known"),
            *(
                models.UniqueConstraint(
                    fields=[of, "currency", "interval"],
                    condition=Q(retired_at__isnull=True),
                    name=f"price_current_of_{of}",
                )
                for of in ("plan", "pack", "service")
            ),
            *(
                models.UniqueConstraint(fields=[of, "currency", "interval", "version"], name=f"price_version_of_{of}")
                for of in ("plan", "pack", "service")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.money} {self.get_interval_display()} v{self.version}"

    @property
    def item(self) -> Plan | CreditPack | Service:
        """What it is the price of."""
        item = self.plan or self.pack or self.service
        if item is None:
            raise ValueError("a price of nothing")
        return item

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)

    @property
    def lookup_key(self) -> str:
        """Its name at a provider, the same for every version: “pro_month_eur”."""
        return f"{self.item.code}_{self.interval}_{self.currency}".lower()


class PageTier(Entity):
    """What each page from the first to the last of a tier costs, under one price of a service by the page."""

    price = models.ForeignKey(Price, on_delete=models.CASCADE, related_name="tiers", verbose_name=_("price"))
    first_page = models.PositiveIntegerField(_("from page"))
    last_page = models.PositiveIntegerField(_("to page"))
    amount = models.PositiveBigIntegerField(_("a page (minor units)"))

    class Meta:
        verbose_name = _("tier")
        verbose_name_plural = _("tiers")
        ordering = ["first_page"]
        constraints = [
            models.UniqueConstraint(fields=["price", "first_page"], name="page_tier_once"),
            models.CheckConstraint(
                condition=Q(first_page__gte=1, last_page__gte=F("first_page")), name="page_tier_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_page}–{self.last_page}: {Money(self.amount, self.price.currency)}"


class ProviderPrice(Entity):
    """A price as one account of a provider knows it; `manage.py sync_catalogue` writes it."""

    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="mirrors", verbose_name=_("price"))
    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    product_id = models.CharField(_("product there"), max_length=100)
    provider_id = models.CharField(_("price there"), max_length=100)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    synced_at = models.DateTimeField(_("synced"), db_default=Now())

    class Meta:
        verbose_name = _("price at a provider")
        verbose_name_plural = _("prices at providers")
        constraints = [
            models.UniqueConstraint(fields=["provider", "livemode", "price"], name="provider_price_once"),
            models.UniqueConstraint(fields=["provider", "livemode", "provider_id"], name="provider_price_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.provider_id}"

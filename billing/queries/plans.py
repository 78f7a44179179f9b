"""Choosing, changing and leaving a plan: what there is, what it would change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.models import Currency, Interval, Plan, Price, Purchase, Subscription
from billing.queries.access import Access, access, subscription_of
from billing.queries.offers import Offers, PlanOffer, offers
from core.money import Money
from organizations.models import Organization
from organizations.queries import usage


@dataclass(frozen=True)
class PlanChoice:
    """A plan on the page to choose from: `is_current` is the very price that is paid, `is_held` the plan in force."""

    offer: PlanOffer
    is_current: bool
    is_held: bool
    is_larger: bool


@dataclass(frozen=True)
class PlansPage:
    """Every plan at one interval and in one currency; a subscription keeps its own."""

    offers: Offers
    access: Access
    subscription: Subscription | None
    choices: tuple[PlanChoice, ...]

    @property
    def keeps_currency(self) -> bool:
        """Whether there is no other currency to choose."""
        return self.subscription is not None


@dataclass(frozen=True)
class OtherPrice:
    """The same thing at another price: another interval, another currency."""

    id: UUID
    currency: str
    interval: str
    money: Money
    label: str


@dataclass(frozen=True)
class CheckoutPage:
    """What is bought: how many, for how much, what is due today."""

    price: Price
    quantity: int
    total: Money
    trial_days: int
    intervals: tuple[OtherPrice, ...]
    currencies: tuple[OtherPrice, ...]

    @property
    def due(self) -> Money:
        """What is paid today."""
        return Money(0, self.price.currency) if self.trial_days else self.total

    @property
    def credits(self) -> int:
        """Credits that a purchase of packs brings."""
        return self.price.pack.credits * self.quantity if self.price.pack else 0


@dataclass(frozen=True)
class ChangePage:
    """From one price to another: `blocked` are limits of the new plan that are passed already."""

    now: Subscription
    new: Price
    is_larger: bool
    blocked: tuple[usage.Level, ...]
    extra_credits: int


@dataclass(frozen=True)
class EndPage:
    """What ending the plan means: until when it stays, and what the free limits then block."""

    subscription: Subscription
    until: datetime | None
    blocked: tuple[usage.Level, ...]


def plans_page(organization: Organization, asked: Currency, interval: Interval) -> PlansPage:
    """The plans to choose from (seven queries)."""
    held = access(organization)
    subscription = held.subscription or subscription_of(organization)
    sold = offers(Currency(subscription.price.currency) if subscription else asked, interval)
    choices = tuple(
        PlanChoice(
            offer=one,
            is_current=bool(subscription and one.price and one.price.pk == subscription.price_id),
            is_held=one.plan.pk == held.plan.pk,
            is_larger=one.plan.rank > (subscription.price.plan.rank if subscription and subscription.price.plan else 0),
        )
        for one in sold.plans
    )
    return PlansPage(sold, held, subscription, choices)


def checkout_page(organization: Organization, price: Price, quantity: int) -> CheckoutPage:
    """What is bought at a price (two queries)."""
    item = {"plan": price.plan_id, "pack": price.pack_id, "service": price.service_id}
    beside = [
        OtherPrice(row.pk, row.currency, row.interval, row.money, str(row.get_interval_display()))
        for row in Price.objects.current().filter(**item).order_by("currency", "interval")
    ]
    had_one = bool(price.trial_days) and Subscription.objects.of(organization).exists()
    return CheckoutPage(
        price=price,
        quantity=quantity,
        total=Money(price.amount * quantity, price.currency),
        trial_days=0 if had_one else price.trial_days,
        intervals=tuple(one for one in beside if one.currency == price.currency),
        currencies=tuple(one for one in beside if one.interval == price.interval),
    )


def change_page(organization: Organization, now: Subscription, new: Price) -> ChangePage:
    """What changing to another price means (a query for each meter)."""
    before, after = now.price.plan, new.plan
    if before is None or after is None:
        raise ValueError("a subscription is to a plan")
    return ChangePage(
        now=now,
        new=new,
        is_larger=after.rank > before.rank,
        blocked=blocked_by(organization, after),
        extra_credits=max(0, after.credits_a_month - before.credits_a_month),
    )


def end_page(organization: Organization, subscription: Subscription) -> EndPage:
    """What ending the plan means (two queries, and one for each meter)."""
    free = Plan.objects.get(code="FREE")
    return EndPage(subscription, subscription.period_end, blocked_by(organization, free))


def blocked_by(organization: Organization, plan: Plan) -> tuple[usage.Level, ...]:
    """Limits of a plan that are passed today: nothing is deleted, but no more of it is let in."""
    levels = [usage.Level(meter, getattr(plan, key), meter.parts(organization)) for key, meter in usage.meters.items()]
    return tuple(level for level in levels if level.limit is not None and level.used > level.limit)


def usual_currency(organization: Organization) -> Currency | None:
    """What the organization pays in: by its subscription, else by what it bought last (two queries)."""
    subscription = subscription_of(organization)
    if subscription:
        return Currency(subscription.price.currency)
    last = Purchase.objects.of(organization).order_by("-id").values_list("currency", flat=True).first()
    return Currency(last) if last else None

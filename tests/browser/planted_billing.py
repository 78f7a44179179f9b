"""An organization with a plan, payments, cards and a ledger; another whose payment fails; a third with nothing."""

from datetime import timedelta
from typing import Any


def billed(organization: Any, person: Any) -> dict[str, str]:
    """Purchases and errands in every state; keys name the addresses."""
    from django.db import transaction

    from billing.queries.access import subscription_of
    from core import tenancy
    from tests.browser import planted_usage
    from tests.builders.money import make_card, make_payment, make_subscription, price_of

    planted_usage.used(organization)
    plan, pack = price_of("PRO"), price_of("credits-50", "once")
    with tenancy.declared(organization.pk), transaction.atomic():
        subscription = subscription_of(organization) or make_subscription(organization, plan)
    make_payment(organization, subscription=subscription)
    card = make_card(organization)
    other = make_card(organization, brand="Mastercard", last4="4444", is_default=False)
    purchases = bought(organization, person, pack)
    errands = asked(organization, person, subscription, price_of("ENTERPRISE"), price_of("STARTER"))
    moved(organization, person)
    failing, bare = failing_house(person), bare_house(person)
    mine = {
        "billing change": f"billing/plans/{price_of('ENTERPRISE').pk}/",
        "billing change down": f"billing/plans/{price_of('STARTER').pk}/",
        "checkout": f"billing/checkout/{pack.pk}/?quantity=3",
        "card remove": f"billing/cards/{other.pk}/remove/",
        "card default": f"billing/cards/{card.pk}/remove/",
        **{f"purchase {state}": f"billing/purchases/{pk}/" for state, pk in purchases.items()},
        **{f"errand {name}": f"billing/requests/{pk}/" for name, pk in errands.items()},
    }
    return {
        **mine,
        "billing failing": f"/o/{failing.slug}/billing/",
        "billing resume": f"/o/{bare['ending'].slug}/billing/resume/",
        "billing ending": f"/o/{bare['ending'].slug}/billing/",
        "billing none": f"/o/{bare['none'].slug}/billing/",
        "billing plans none": f"/o/{bare['none'].slug}/billing/plans/",
        "billing credits none": f"/o/{bare['none'].slug}/billing/credits/",
        "billing payments none": f"/o/{bare['none'].slug}/billing/payments/",
        "billing cards none": f"/o/{bare['none'].slug}/billing/cards/",
        "checkout plan": f"/o/{bare['none'].slug}/billing/checkout/{price_of('PRO', 'year').pk}/",
    }


def bought(organization: Any, person: Any, pack: Any) -> dict[str, Any]:
    """A purchase in every state, each paid ones' payment beside it, one of them paid back in part."""
    from django.db import transaction
    from django.utils import timezone

    from billing.models import PurchaseState, Refund
    from core import tenancy
    from tests.builders.money import make_payment, make_purchase

    found = {}
    for state in PurchaseState:
        row = make_purchase(
            organization, person, pack, state=state, paid_at=timezone.now() if state == "paid" else None,
            url="http://127.0.0.1:9/pay", expires_at=timezone.now() + timedelta(days=1),
            problem="Your bank refused the payment." if state == "failed" else "",
        )  # fmt: skip
        found[str(state)] = row.pk
        if state == "paid":
            payment = make_payment(organization, 900, purchase=row, refunded=300)
            with tenancy.declared(organization.pk), transaction.atomic():
                Refund.objects.create(
                    organization=organization, payment=payment, provider_id=f"re_{payment.pk}", amount=300,
                    state="succeeded", reason="A chapter came twice",
                )  # fmt: skip
    make_payment(organization, 900, state="failed", failure_code="insufficient_funds", paid_at=None)
    return found


def asked(organization: Any, person: Any, subscription: Any, up: Any, down: Any) -> dict[str, Any]:
    """Errands that wait, that are done, that failed."""
    from django.db import transaction
    from django.utils import timezone

    from billing.models import Errand
    from core import tenancy

    lines = [
        {"description": "Unused time on Pro", "amount": -3267},
        {"description": "Remaining time on Enterprise", "amount": 13267},
    ]
    shown = {"due": 10_000, "currency": "EUR", "lines": lines, "at": timezone.now().isoformat()}
    kinds = {
        "preview": ("preview", "done", shown, {"price": "price_x", "price_id": str(up.pk)}),
        "preview down": (
            "preview", "done", shown | {"due": 0, "lines": lines[:1]}, {"price": "price_y", "price_id": str(down.pk)},
        ),
        "waiting": ("change", "waiting", {}, {}),
        "failed": ("change", "failed", {}, {}),
        "cancelled": ("cancel", "done", {}, {}),
        "portal": ("portal", "done", {"url": "http://127.0.0.1:9/portal"}, {}),
    }  # fmt: skip
    found = {}
    for name, (kind, state, result, arguments) in kinds.items():
        with tenancy.declared(organization.pk), transaction.atomic():
            found[name] = Errand.objects.create(
                organization=organization, kind=kind, state=state, by=person, provider="stripe",
                subject_id=subscription.pk, result=result, arguments=arguments,
                problem="Your bank refused the payment. Nothing was changed." if state == "failed" else "",
            ).pk  # fmt: skip
    return found


def moved(organization: Any, person: Any) -> None:
    """Credits that came, were reserved, used and given back."""
    from uuid import uuid4

    from django.db import transaction
    from django.utils import timezone

    from billing.models import EntryKind
    from billing.transitions import ledger
    from billing.transitions.ledger import Posting
    from core import tenancy
    from core.money import Money

    subject = ("run", uuid4())
    with tenancy.declared(organization.pk), transaction.atomic():
        account = ledger.lock(organization)
        mark = str(organization.pk)
        month = timezone.now() + timedelta(days=20)
        ledger.grant(account, Posting(EntryKind.SUBSCRIPTION, f"planted:{mark}:month"), 400, expires_at=month)
        ledger.grant(account, Posting(EntryKind.PURCHASE, f"planted:{mark}:pack"), 50, money=Money(900, "EUR"))
        gift = Posting(EntryKind.BONUS, f"planted:{mark}:gift", by_id=person.pk, reason="Thank you for your patience")
        ledger.grant(account, gift, 20)
        ledger.hold(account, Posting(EntryKind.RESERVE, f"planted:{mark}:reserve", subject), 30)
        ledger.settle(account, Posting(EntryKind.SETTLE, f"planted:{mark}:settle", subject), 12)


def failing_house(person: Any) -> Any:
    """Its renewal failed two days ago, it owes credits, and it has more members than its plan lets in."""
    from django.db import transaction
    from django.utils import timezone

    from billing.models import CreditAccount
    from core import tenancy
    from organizations.models import Membership
    from tests import builders
    from tests.builders.money import make_subscription, price_of

    house = builders.make_organization(name="The House Behind", balance=0, limits={"members": 1})
    Membership.objects.create(organization=house, person=person, role="owner")
    builders.make_member(house, "member")
    since = timezone.now() - timedelta(days=2)
    make_subscription(house, price_of("STARTER"), state="past_due", past_due_since=since)
    with tenancy.declared(house.pk), transaction.atomic():
        CreditAccount.objects.update_or_create(organization=house, defaults={"available": 0, "reserved": 0, "debt": 45})
    return house


def bare_house(person: Any) -> dict[str, Any]:
    """One with nothing at all, one whose plan is to end."""
    from organizations.models import Membership
    from tests import builders
    from tests.builders.money import make_subscription, price_of

    names = {"none": "The New House", "ending": "The House That Leaves"}
    houses = {key: builders.make_organization(name=name, balance=0) for key, name in names.items()}
    for house in houses.values():
        Membership.objects.create(organization=house, person=person, role="owner")
    make_subscription(houses["ending"], price_of("PRO", "year"), cancel_at_period_end=True)
    return houses

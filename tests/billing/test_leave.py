"""What becomes of payments when an organization is closed or erased, and when a person asks for their data or goes."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import User
from accounts.transitions.erasing import Record
from billing import receivers
from billing.models import Errand, ErrandKind, ErrandState, Payment, Purchase, SavedCard
from billing.queries import personal
from core import tenancy
from core.models import Lease
from organizations.actions.closing import close_organization
from organizations.models import Organization
from tests.builders.money import make_card, make_payment, make_purchase, make_subscription, price_of

Found = dict[str, list[dict[str, object]]]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _declared(organization: Organization) -> Iterator[None]:
    with tenancy.declared(organization.pk):
        yield


def asked(organization: Organization) -> list[tuple[str, str]]:
    """What waits to be asked of the provider, and of what."""
    waiting = Errand.objects.of(organization).filter(state=ErrandState.WAITING)
    assert Lease.objects.filter(pk__in=waiting.values("pk")).count() == waiting.count()
    return [(one.kind, str(one.subject_id)) for one in waiting]


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({}, ErrandKind.CANCEL),
        ({"state": "past_due"}, ErrandKind.END),
        ({"cancel_at_period_end": True}, None),
        ({"state": "canceled"}, None),
    ],
)
def test_a_closed_organization_is_charged_no_more(
    organization: Organization, owner: User, how: dict[str, object], kind: str | None
) -> None:
    row = make_subscription(organization, price_of("PRO"), **how)
    close_organization(organization=organization, by=owner)
    assert asked(organization) == ([(kind, str(row.pk))] if kind else [])


def test_an_erased_organization_keeps_its_accounts_alone(organization: Organization, owner: User) -> None:
    row = make_subscription(organization, price_of("PRO"))
    make_purchase(organization, owner, price_of("PRO"), url="https://pay.example.org/x", problem="Declined")
    make_payment(organization, subscription=row)
    make_card(organization)
    assert receivers.organization_erased(organization=organization) is False
    assert asked(organization) == [(ErrandKind.END, str(row.pk))]
    assert not SavedCard.objects.of(organization).exists()
    bought = Purchase.objects.of(organization).get()
    assert (bought.url, bought.problem, bought.amount) == ("", "", 4_900)
    assert Payment.objects.of(organization).get().card == ""


def test_an_erased_person_leaves_numbers(organization: Organization, owner: User, editor: User) -> None:
    for person in (owner, editor):
        make_purchase(organization, person, price_of("PRO"), url="https://pay.example.org/x")
        Errand.objects.create(
            organization=organization,
            kind=ErrandKind.PORTAL,
            state=ErrandState.DONE,
            by=person,
            provider="stripe",
            result={"url": "https://portal.example.org/x"},
        )
    record = Record()
    assert receivers.person_erased(person=owner, email=owner.email, record=record) is False
    assert Purchase.objects.of(organization).get(by=owner).url == ""
    assert Errand.objects.of(organization).get(by=owner).result == {}
    assert Purchase.objects.of(organization).get(by=editor).url
    assert record.kept and record.erased


def test_a_copy_of_ones_data_has_ones_purchases(
    organization: Organization,
    owner: User,
    editor: User,
    collected: Callable[[User], Found],
) -> None:
    make_purchase(organization, owner, price_of("PRO"))
    make_purchase(organization, editor, price_of("STARTER"))
    found = collected(owner)
    assert [(one["item"], one["amount"]) for one in found["purchases"]] == [("Pro", "€49.00")]
    assert {"payment_requests", "credit_moves"} <= found.keys()


@pytest.fixture
def collected() -> Callable[[User], Found]:
    """What billing puts into somebody's copy, by name."""

    class Kept:
        def __init__(self) -> None:
            self.found: Found = {}

        def records(self, name: str, _title: object, _columns: object, rows: Iterator[dict[str, object]]) -> None:
            self.found[name] = list(rows)

    def collect(person: User) -> Found:
        kept = Kept()
        personal.add_person(kept, person)  # type: ignore[arg-type]  # all it needs of an archive
        return kept.found

    return collect

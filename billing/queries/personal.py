"""What billing keeps about a person, for the copy of their data: what they bought and asked for."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from billing.models import Errand, LedgerEntry, Purchase
from core import tenancy
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.jobs.exporting import Export

# Each table that says who, and the column that does.
WHO: tuple[tuple[type[models.Model], str], ...] = ((Purchase, "by_id"), (Errand, "by_id"), (LedgerEntry, "by_id"))


def organizations_of(person: User) -> list[Organization]:
    """Every organization with rows of the person, also those they have left."""
    with tenancy.system("where a person's purchases are"):
        found = {
            key
            for model, column in WHO
            for key in model._default_manager.filter(**{column: person.pk})
            .values_list("organization", flat=True)
            .distinct()
        }
    return list(Organization.objects.filter(pk__in=found).order_by("pk"))


def add_person(export: "Export", person: User) -> None:
    """Purchases, what was asked of payment providers, and moves of credits that name them."""
    tenants = organizations_of(person)
    where, at = {"organization": _("Organization")}, {"at": _("Time")}
    bought = where | {"item": _("What"), "amount": _("Amount"), "state": _("State")} | at
    export.records("purchases", _("What you bought"), bought, _everywhere(tenants, person, _purchases))
    asked = where | {"kind": _("What"), "state": _("State")} | at
    export.records("payment_requests", _("What you asked of the payment provider"), asked,
                   _everywhere(tenants, person, _errands))  # fmt: skip
    moved = where | {"kind": _("What"), "reason": _("Reason")} | at
    export.records("credit_moves", _("Moves of credits by you"), moved, _everywhere(tenants, person, _moves))


def _everywhere(
    tenants: list[Organization], person: User, rows: Callable[[Organization, User], Iterator[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    for organization in tenants:
        with transaction.atomic(), tenancy.declared(organization.pk):
            for row in rows(organization, person):
                yield {"organization": organization.name} | row


def _purchases(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    rows = Purchase.objects.of(organization).filter(by=person).order_by("pk")
    for one in rows.select_related("price__plan", "price__pack", "price__service").iterator():
        yield {
            "item": one.price.item.label,
            "quantity": one.quantity,
            "amount": one.money.shown,
            "state": one.state,
            "problem": one.problem,
            "payment_page": one.url,
            "at": one.created_at,
            "paid_at": one.paid_at,
        }


def _errands(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    for one in Errand.objects.of(organization).filter(by=person).order_by("pk").iterator():
        answer = {"problem": one.problem, "answer": one.result}
        yield {"kind": one.kind, "state": one.state, **answer, "at": one.created_at}


def _moves(organization: Organization, person: User) -> Iterator[dict[str, Any]]:
    for one in LedgerEntry.objects.of(organization).filter(by_id=person.pk).order_by("pk").iterator():
        yield {"kind": one.kind, "reason": one.reason, "at": one.created_at}

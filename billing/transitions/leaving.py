"""What becomes of payments when a person is erased, and when an organization is closed and erased.

The accounts stay, because law asks for them; what stood beside them for a page to show goes.
"""

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from accounts.models import User
from billing.models import Errand, ErrandKind, ErrandState, Payment, Purchase, SavedCard, Subscription
from billing.queries.access import FAILING, subscription_of
from billing.transitions import errands, forgetting
from organizations.models import Organization

if TYPE_CHECKING:
    from accounts.transitions.erasing import Record


def say(record: "Record") -> None:
    """What a certificate tells of payments."""
    record.erase(_("Addresses of payment pages, and what payment providers answered to what you asked"))
    record.keep(
        _("What you bought, its amounts and days, by a number"), _("Law asks us to keep our accounts for ten years.")
    )


def erase_person(person: User, organization: Organization) -> None:
    """What they asked for keeps its place, and says nothing more; the accounts name a number."""
    _blank(Errand.objects.of(organization).filter(by=person), Purchase.objects.of(organization).filter(by=person))


def stop_paying(organization: Organization, *, by: User) -> None:
    """A closed organization is charged no more. What is paid stays until its day, so that an undo finds it again.

    While a payment fails, the provider would go on trying: then the subscription is ended at once.
    """
    subscription = subscription_of(organization)
    if subscription is None:
        return
    if subscription.state in FAILING:
        _ask(subscription, ErrandKind.END, by)
    elif not subscription.cancel_at_period_end:
        _ask(subscription, ErrandKind.CANCEL, by)


def erase_organization(organization: Organization) -> bool:
    """End what is still paid for, forget its cards and what providers said; whether more of that is left."""
    for row in Subscription.objects.of(organization).filter(ended_at__isnull=True).select_for_update(of=("self",)):
        row.organization = organization
        _ask(row, ErrandKind.END, None)
    SavedCard.objects.of(organization).delete()
    Payment.objects.of(organization).exclude(card="").update(card="")
    _blank(Errand.objects.of(organization), Purchase.objects.of(organization))
    return forgetting.bodies_of([organization.pk])


def _ask(subscription: Subscription, kind: ErrandKind, by: User | None) -> None:
    errands.offer(subscription.organization, kind, provider=subscription.provider, subject_id=subscription.pk, by=by)


def _blank(asked: QuerySet[Errand], bought: QuerySet[Purchase]) -> None:
    # What waits is still to be done, and its answer is nobody's to read.
    asked.exclude(state=ErrandState.WAITING).update(result={}, problem="")
    bought.update(url="", problem="")

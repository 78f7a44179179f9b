"""What a person's account means for their organizations when it ends."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries.closing import Obstacle
from organizations.models import Membership, Organization, Role


def only_theirs(person: User) -> "QuerySet[Organization]":
    """Organizations that end with the account: the personal one, and those where nobody else is."""
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(person=person)
    mine = Organization.objects.filter(membership__person=person, membership__role=Role.OWNER, erased_at__isnull=True)
    return mine.filter(~Exists(others)) | mine.filter(personal_of=person)


def closed_with(person: User, since: datetime) -> "QuerySet[Organization]":
    """Those of them that were closed together with the account, which was closed at that moment."""
    return only_theirs(person).filter(closed_at__gte=since)


def obstacles(person: User) -> list[Obstacle]:
    """Organizations with other people in them that would lose their only owner, or be closed with the account."""
    owners = Membership.objects.answering().filter(organization=OuterRef("pk")).exclude(person=person)
    rows = Organization.objects.filter(
        ~Exists(owners) | Q(personal_of=person),
        membership__person=person,
        membership__role=Role.OWNER,
        closed_at__isnull=True,
    )
    counted = rows.annotate(people=Count("membership__organization__membership", distinct=True)).filter(people__gt=1)
    return [Obstacle(one.name, _why(one), reverse("organizations:mine")) for one in counted.order_by("name")]


def _why(organization: Organization) -> Promise:
    if organization.personal_of_id is None:
        return _("You are its only owner. Hand it over to somebody, or close it.")
    return _("Others are in it. Make it an organization like any other and hand it over, or remove them.")

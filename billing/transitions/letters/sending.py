"""How a letter about money is written: to whom, in whose language and zone, once for each fact."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from billing.models import Notice, Price
from core import mail
from organizations.models import PERMISSIONS, Membership, Organization

Rows = list[tuple[str, str]]


def _nothing() -> Rows:
    return []


@dataclass(frozen=True)
class Letter:
    """The words stand in emails/billing/<what>.txt: its first line is the subject, what follows the paragraphs.

    `rows` is asked in each reader's language; `page` is the name and the arguments of where the button leads.
    """

    what: str
    said: Mapping[str, Any] = field(default_factory=dict)
    rows: Callable[[], Rows] = _nothing
    page: tuple[str, Sequence[UUID]] = ("billing:home", ())


def told(organization: Organization, reference: str) -> bool:
    """Claim a fact as told; False when somebody was told of it before. The caller holds the organization's lock."""
    _row, is_new = Notice.objects.of(organization).get_or_create(
        reference=reference, defaults={"organization": organization}
    )
    return is_new


def send(organization: Organization, letter: Letter, *, buyer_id: UUID | None = None) -> None:
    """Write to who sees the bill, and to the buyer while they are a member, each in their own words and zone."""
    name, arguments = letter.page
    url = settings.SITE_URL + reverse(name, args=[organization.slug, *arguments])
    for person in _readers(organization, buyer_id):
        with override(person.language), timezone.override(person.time_zone):
            facts = {"person": person, "organization": organization, "url": url, "page": name, **letter.said}
            text = render_to_string(f"emails/billing/{letter.what}.txt", facts).strip()
            title, _end, paragraphs = text.partition("\n")
            facts |= {"title": title, "paragraphs": re.sub(r"\n{3,}", "\n\n", paragraphs.strip())}
            mail.write("billing", facts | {"rows": letter.rows()}, to=person.email)


def _readers(organization: Organization, buyer_id: UUID | None) -> list[User]:
    members = Membership.objects.filter(organization=organization, person__is_active=True, suspended_at__isnull=True)
    seeing = members.allowed(PERMISSIONS["billing.see"])
    chosen = seeing | members.filter(person=buyer_id) if buyer_id else seeing
    return [row.person for row in chosen.select_related("person").order_by("id")]


# ── Rows that many letters have ─────────────────────────────────────────────────────────────────────────────────────


def day(moment: datetime) -> str:
    """A day as the reader writes it, in their zone."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def costs(price: Price) -> str:
    """What a price asks for, and how often: “€49.00 a month”."""
    return f"{price.money.shown} {price.get_interval_display()}"


def plan_rows(price: Price, *, next_payment: datetime | None = None) -> Rows:
    """The plan, what it costs, its credits, and when it is paid next, where it is."""
    plan = price.plan
    if plan is None:
        return []
    rows = [(_("Plan"), plan.label), (_("Price"), costs(price))]
    if plan.credits_a_month:
        rows.append((_("Credits a month"), str(plan.credits_a_month)))
    if next_payment:
        rows.append((_("Next payment"), day(next_payment)))
    return rows

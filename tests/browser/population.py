"""`python -m tests.browser.population COUNT`: accounts signed in already, as JSON; the first two have a shelf of books.

The rows stand there as the tests' own hand would put them: pages of every state can be looked at without a wait.
"""

import json
import os
import sys
from typing import Any

import django

from tests.browser import (
    leaving,
    membership,
    planted_billing,
    planted_books,
    planted_notes,
    planted_orders,
    planted_pictures,
    planted_sharing,
)
from tests.browser.planted_chapters import arranged
from tests.browser.planted_history import remembered
from tests.browser.planted_hostile import hostile
from tests.browser.planted_saving import crowded
from tests.browser.site import PASSWORD
from tests.browser.studio_population import at_work


def main() -> None:
    """Open the accounts, plant the books, print what tests need to know."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    people = [account(number) for number in range(int(sys.argv[1]))]
    sys.stdout.write(json.dumps(people))


def account(number: int) -> dict[str, Any]:
    """A person with a personal organization and a session; number 1 reads French."""
    from django.conf import settings
    from django.test import Client

    from organizations.actions import ensure_personal_organization
    from tests import builders

    person = builders.make_person(
        email=f"reader-{number}@example.org",
        password=PASSWORD,
        display_name=f"Robin Reader {number}",
        language="fr" if number == 1 else "en",
    )
    organization = ensure_personal_organization(person=person)
    builders.lift_limits(organization)
    browser = Client()
    browser.force_login(person)
    return {
        "email": person.email,
        "password": PASSWORD,
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "slug": organization.slug,
        "books": shelf(organization, person) if number < 2 else {},
    }


def shelf(organization: Any, person: Any) -> dict[str, str]:
    """Books in every state; keys name the addresses below `/o/<slug>/`."""
    return {
        **planted_books.written(organization, person),
        **planted_books.being_written(organization, person),
        **planted_books.to_approve(organization, person),
        **planted_books.failed(organization, person),
        **planted_books.talked_about(organization, person),
        **planted_books.with_files(organization, person),
        **planted_books.put_away(organization, person),
        **planted_books.rewritten(organization, person),
        **at_work(organization, person),
        **planted_orders.ordered(organization, person),
        **planted_pictures.illustrated(organization, person),
        **planted_sharing.shared(organization, person),
        **planted_notes.noted(organization, person),
        **(remembered(organization, person) | arranged(organization, person)),
        **(planted_books.paid_for(organization, person) | leaving.asked_about(person)),
        **(membership.peopled(organization, person) | crowded(organization, person) | further(person)),
        **(used_up(organization, person) | planted_billing.billed(organization, person)),
        **hostile(organization, person),  # the newest: home shows it
    }


def used_up(organization: Any, person: Any) -> dict[str, str]:
    """Acts of every severity, some of them by staff; and an organization whose limits are reached, or nearly."""
    from django.db import transaction

    from audit import actions as audit
    from audit.models import Severity
    from core import origin, tenancy
    from organizations.models import Membership
    from tests import builders

    staff = builders.make_person(display_name="Sam of the Staff", is_staff=True)
    book = builders.make_book(organization, person, title="Counted Twice")
    with tenancy.declared(organization.pk), transaction.atomic():
        audit.record("book.created", actor=person, target=book, personal={"title": book.title})
        changes = {"role": ("member", "admin"), "books": (10, 20)}
        audit.record("member.changed", actor=person, target=person, personal={"member": "R" * 80}, changes=changes)
        for severity in Severity:
            audit.record("limits.set", actor=staff, target=organization, changes=changes, severity=severity)
        with origin.acting(staff.pk, str(staff)):
            audit.record("export.downloaded", actor=person, details={"format": "pdf"}, severity=Severity.CRITICAL)
    limits = {"members": 1, "books": 2, "books_a_month": 10, "storage_bytes": 1000}
    full = builders.make_organization(name="The Narrow House", limits=limits)
    Membership.objects.create(organization=full, person=person, role="owner")
    builders.make_book(full, person)
    builders.make_source(builders.make_book(full, person), text="x" * 850)
    return {"usage full": f"/o/{full.slug}/usage/", "book new full": f"/o/{full.slug}/books/new/"}


def further(person: Any) -> dict[str, str]:
    """A second organization with exotic looks, and a closed one."""
    from datetime import timedelta

    from django.utils import timezone

    from organizations.models import Membership
    from tests import builders

    looks: dict[str, Any] = {"accent": "#6d00a8", "accent_dark": "#9dff3c", "typeface": "sans"}
    house = builders.make_organization(name="The Long-Named Publishing House of the Upper River", **looks)
    now = timezone.now()
    closed = builders.make_organization(name="Once", closed_at=now, erase_at=now + timedelta(days=30))
    for one in (house, closed):
        Membership.objects.create(organization=one, person=person, role="owner")
    return {
        "house": f"/o/{house.slug}/",
        "house looks": f"/o/{house.slug}/settings/looks/",
        "house close": f"/o/{house.slug}/settings/close/",
        "house closed": f"/o/{closed.slug}/closed/",
    }


if __name__ == "__main__":
    main()

"""E-mails about spending caps, to those who may see what is spent: part of the transaction they tell of."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from books.models import Run
from books.queries.caps import Reach
from core import mail
from organizations.models import PERMISSIONS, Membership


def tell_all(run: Run, reach: Reach) -> None:
    """Write to those who see the spending and the run's starter how far a cap is reached."""
    starter = run.started_by
    _write({*_leads(run), *([starter] if starter.mails_about_runs else [])}, run, reach)


def tell_leads(run: Run, reach: Reach) -> None:
    """Write to those who see the spending that a cap paused the run; its starter hears so with every pause."""
    _write(_leads(run) - {run.started_by}, run, reach)


def _leads(run: Run) -> set[User]:
    rows = Membership.objects.filter(organization=run.organization).allowed(PERMISSIONS["billing.see"])
    return {row.person for row in rows.select_related("person")}


def _write(people: Iterable[User], run: Run, reach: Reach) -> None:
    url = settings.SITE_URL + reverse("books:spending", args=[run.organization.slug])
    for person in sorted(people, key=lambda one: one.email):
        if person.is_active:
            with override(person.language):
                facts = {"person": person, "run": run, "organization": run.organization, "reach": reach, "url": url}
                mail.write("spending", facts, to=person.email)

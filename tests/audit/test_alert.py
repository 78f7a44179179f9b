"""Staff are told of critical acts: exactly of those that were committed, one mail a minute for each action."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import actions as audit
from audit.jobs import alerting
from audit.models import Alert, Severity
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.conftest import perform_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> Any:
    """Somebody to be told."""
    return builders.make_person(is_staff=True, is_superuser=True, email="admin@example.org", language="en")


def happened(organization: Organization, action: str = "book.tested", **given: Any) -> None:
    with tenancy.declared(organization.pk):
        audit.record(action, severity=Severity.CRITICAL, **given)


def told(settings: Any) -> list[Any]:
    """Mails that have left by now."""
    settings.LEASE_HEARTBEAT_SECONDS = 3600.0
    alerting.tell()
    perform_due()
    return mail.outbox


def test_a_critical_act_is_told_to_administrators(
    organization: Organization, editor: Any, administrator: Any, settings: Any
) -> None:
    builders.make_person(is_staff=True)
    builders.make_person(is_superuser=True, is_staff=True, is_active=False)
    happened(organization, actor=editor)
    [letter] = told(settings)
    assert (letter.to, letter.subject) == (["admin@example.org"], "Critical: book.tested")
    text = letter.message().as_bytes().decode()
    assert "Edgar Editor" in text
    assert "/admin/audit/entry/critical/" in text


def test_administrators_are_told_in_their_language(organization: Organization, settings: Any) -> None:
    for language in ("en", "fr"):
        person: dict[str, Any] = {"is_staff": True, "is_superuser": True, "email": f"{language}@example.org"}
        builders.make_person(**person, language=language)
    happened(organization)
    subjects = {letter.to[0]: letter.subject for letter in told(settings)}
    assert subjects == {
        "en@example.org": "Critical: book.tested",
        "fr@example.org": "Critique\N{NO-BREAK SPACE}: book.tested",
    }


def test_members_of_the_group_are_told_too(organization: Organization, settings: Any) -> None:
    from django.contrib.auth.models import Group

    person = builders.make_person(is_staff=True, email="group@example.org")
    person.groups.add(Group.objects.get_or_create(name="administrator")[0])
    happened(organization)
    assert [letter.to for letter in told(settings)] == [["group@example.org"]]


def test_addresses_of_the_setting_come_instead(organization: Organization, administrator: Any, settings: Any) -> None:
    settings.AUDIT_ALERT_EMAILS = ["security@example.org"]
    happened(organization)
    assert [letter.to for letter in told(settings)] == [["security@example.org"]]


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.MEDIUM, Severity.HIGH])
def test_of_other_acts_nobody_is_told(
    severity: Severity, organization: Organization, administrator: Any, settings: Any
) -> None:
    with tenancy.declared(organization.pk):
        audit.record("book.tested", severity=severity)
    assert told(settings) == []


def test_an_act_that_was_rolled_back_is_not_told_of(
    organization: Organization, administrator: Any, settings: Any
) -> None:
    with transaction.atomic():
        happened(organization)
        transaction.set_rollback(True)
    assert told(settings) == []


def test_one_mail_a_minute_tells_of_all_since_the_last(
    organization: Organization, administrator: Any, settings: Any
) -> None:
    happened(organization)
    assert len(told(settings)) == 1
    for _ in range(25):
        happened(organization)
    happened(organization, "book.other")
    assert [letter.subject for letter in told(settings)[1:]] == ["Critical: book.other"]
    Alert.objects.filter(mailed_at__isnull=False).update(mailed_at=timezone.now() - timedelta(seconds=61))
    assert [letter.subject for letter in told(settings)[2:]] == ["Critical: book.tested, 25 times"]
    assert "And 5 more." in mail.outbox[2].message().as_bytes().decode()
    assert told(settings)[3:] == []


def test_what_was_told_is_let_go_after_a_day(organization: Organization, administrator: Any, settings: Any) -> None:
    happened(organization)
    told(settings)
    Alert.objects.update(mailed_at=timezone.now() - timedelta(hours=25))
    told(settings)
    assert not Alert.objects.exists()


def test_an_ordinary_act_is_one_insert(organization: Organization) -> None:
    from django.db import connection

    with tenancy.declared(organization.pk), CaptureQueriesContext(connection) as queries:
        audit.record("book.tested", details={"words": 3})
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]

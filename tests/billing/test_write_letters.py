"""Letters about money: for every fact one, to who may see the bill, in their words and zone, of what our rows say."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from billing.transitions import letters
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.billing.letters import LETTERS
from tests.builders.money import make_payment, make_purchase, make_subscription, price_of

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]
WORDS = Path(__file__).parents[2] / "templates" / "emails" / "billing"


@pytest.fixture(autouse=True)
def _declared(organization: Organization) -> Iterator[None]:
    with tenancy.declared(organization.pk):
        yield


def parts(letter: Any) -> tuple[str, str]:
    """The plain text and the HTML of a sent letter."""
    message: EmailMessage = letter.message()
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None and html is not None
    return str(plain.get_content()), str(html.get_content())


def test_every_letter_has_a_case() -> None:
    assert {name.split()[0] for name in LETTERS} == {path.stem for path in WORDS.glob("*.txt")}


@pytest.mark.parametrize("name", LETTERS)
def test_letters_say_the_same_twice_and_leave_nothing_unsaid(
    organization: Organization, owner: User, run_queue: RunQueue, name: str
) -> None:
    french = builders.make_member(organization, "admin", display_name="Léa", language="fr", email="lea@example.org")
    mail.outbox.clear()
    LETTERS[name](organization, owner)
    run_queue()
    assert sorted(one.to[0] for one in mail.outbox) == sorted([owner.email, french.email])
    subjects = {one.to[0]: one.subject for one in mail.outbox}
    for letter in mail.outbox:
        plain, html = parts(letter)
        assert "/o/atelier/billing/" in plain and "/o/atelier/billing/" in html
        for text in (str(letter.subject), plain, html):
            assert not re.search(r"{[{%]|None|\[]|Money\(", text), text
        assert "  " not in plain.replace("-- \n", "") and "\n\n\n" not in plain
        assert "<p></p>" not in html
    assert subjects[owner.email] != subjects[french.email]


def test_amounts_and_days_stand_as_the_reader_writes_them(
    organization: Organization, owner: User, run_queue: RunQueue
) -> None:
    builders.make_member(
        organization, "admin", display_name="Léa", language="fr", email="lea@example.org", time_zone="Pacific/Auckland"
    )
    row = make_subscription(organization, price_of("PRO"), period_end=datetime(2027, 1, 31, 20, tzinfo=UTC))
    letters.renewed(row, make_payment(organization, 4_900, subscription=row))
    run_queue()
    english, french = ("\n".join(parts(one)) for one in sorted(mail.outbox, key=lambda one: one.to[0] != owner.email))
    assert "€49.00" in english and "31 January 2027" in english
    assert "49,00\xa0€" in french and "1\xa0février 2027" in french


def test_who_bought_is_told_while_they_belong_there(
    organization: Organization, owner: User, editor: User, viewer: User, run_queue: RunQueue
) -> None:
    away = builders.make_person()
    for buyer in (editor, away):
        letters.purchase_failed(make_purchase(organization, buyer, price_of("PRO")))
    run_queue()
    assert sorted(one.to[0] for one in mail.outbox) == sorted([owner.email, editor.email, owner.email])


def test_a_fact_is_told_once(organization: Organization, owner: User, run_queue: RunQueue) -> None:
    row = make_subscription(organization, price_of("PRO"))
    payment = make_payment(organization, subscription=row)
    for _time in range(3):
        letters.renewed(row, payment)
    letters.recovered(row)
    run_queue()
    assert len(mail.outbox) == 1

"""Changing the key of encrypted columns: every value is written anew, in batches, and the old key may go."""

from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from accounts.models import DataRequest, User
from core.management.commands import rotate_fields
from tests import builders

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def people(settings: Any) -> list[User]:
    """Five people whose phones and addresses were written with the old key, and one who gave none."""
    settings.FIELD_KEYS = [OLD]
    people = [
        builders.make_person(phone=f"+33 6 00 00 00 0{n}", postal_address={"city": f"Lyon {n}"}) for n in range(5)
    ]
    DataRequest.objects.create(kind="export", person=people[0], email="asks@example.org")
    return [*people, builders.make_person()]


def tokens() -> list[str]:
    """Every phone as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def rotate(batch: int = 2) -> str:
    said = StringIO()
    call_command("rotate_fields", batch=batch, stdout=said)
    return said.getvalue()


def test_after_it_the_old_key_may_go(people: list[User], settings: Any) -> None:
    assert not any("+33" in token for token in tokens())
    settings.FIELD_KEYS = [NEW, OLD]
    said = rotate()
    assert "accounts.User: 10" in said
    assert "accounts.DataRequest: 1" in said
    settings.FIELD_KEYS = [NEW]
    again = list(User.objects.order_by("id"))
    assert [(one.phone, one.postal_address) for one in again[:5]] == [
        (f"+33 6 00 00 00 0{n}", {"city": f"Lyon {n}"}) for n in range(5)
    ]
    assert (again[5].phone, again[5].postal_address) == ("", {})
    assert DataRequest.objects.get().email == "asks@example.org"


def test_before_it_the_old_key_may_not(people: list[User], settings: Any) -> None:
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(ValueError, match="no key of FIELD_KEYS reads this value"):
        list(User.objects.all())


def test_begun_again_it_writes_only_what_is_left(people: list[User], settings: Any) -> None:
    settings.FIELD_KEYS = [NEW, OLD]
    columns = ["phone", "postal_address"]
    stopped = rotate_fields.rotate(User, columns, Fernet(NEW), 2)
    assert next(stopped) == 4  # two people, then the machine stops
    stopped.close()
    done = tokens()[:2]
    assert "accounts.User: 6" in rotate()
    assert tokens()[:2] == done
    assert "accounts.User: 0" in rotate()


def test_nothing_else_of_the_row_changes(people: list[User], settings: Any) -> None:
    before = list(User.objects.order_by("id").values_list("id", "updated_at", "email"))
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    assert list(User.objects.order_by("id").values_list("id", "updated_at", "email")) == before


def test_every_encrypted_column_is_reached() -> None:
    reached = {model._meta.label for model, _columns in rotate_fields.encrypted()}
    assert {"accounts.User", "accounts.DataRequest", "accounts.Closing"} <= reached

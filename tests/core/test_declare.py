"""Declaring an organization: nested, restored, and never in the way of the error that ended a transaction."""

import uuid
from typing import Any

import pytest
from django.db import DataError, connection, transaction

from core import tenancy

FIRST, SECOND = uuid.uuid4(), uuid.uuid4()


def told() -> str:
    """What PostgreSQL was told in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.organization', true)")
        row: Any = cursor.fetchone()
    return str(row[0] or "")


@pytest.mark.django_db
def test_declarations_nest_and_are_restored() -> None:
    with tenancy.declared(FIRST):
        with tenancy.declared(SECOND):
            assert (tenancy.current(), told()) == (SECOND, str(SECOND))
        assert (tenancy.current(), told()) == (FIRST, str(FIRST))
    assert (tenancy.current(), told()) == (None, "")


@pytest.mark.django_db
def test_what_the_transaction_knows_is_not_said_again(django_assert_num_queries: Any) -> None:
    with tenancy.declared(FIRST):
        with django_assert_num_queries(0), tenancy.declared(FIRST):
            pass
        with transaction.atomic(), tenancy.declared(FIRST):
            assert (tenancy.current(), told()) == (FIRST, str(FIRST))
        assert (tenancy.current(), told()) == (FIRST, str(FIRST))


@pytest.mark.django_db(transaction=True)
def test_every_transaction_is_told() -> None:
    with tenancy.declared(FIRST):
        for _transaction in range(2):
            with transaction.atomic(), tenancy.declared(FIRST):
                assert told() == str(FIRST)


@pytest.mark.django_db
@pytest.mark.parametrize("enter", [lambda: tenancy.declared(SECOND), lambda: tenancy.system("a test")])
def test_the_error_that_broke_the_transaction_is_the_one_raised(enter: Any) -> None:
    with tenancy.declared(FIRST):
        with pytest.raises(DataError), transaction.atomic(), enter(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert (tenancy.current(), told()) == (FIRST, str(FIRST))


@pytest.mark.django_db
def test_the_system_role_ends_with_its_block() -> None:
    with tenancy.system("a test"), tenancy.system("a block in it"), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("scriptorium_system",)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("scriptorium_web",)

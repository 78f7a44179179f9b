"""Acting as somebody ends with what opened it: the staff's password, and their sessions."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.sessions import end_other_sessions
from accounts.models import Impersonation, User
from tests.accounts.test_act_as import make_staff

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def helper() -> User:
    """Somebody of support."""
    return make_staff("support")


@pytest.fixture
def as_owner(helper: User, owner: User, client_of: ClientOf) -> Client:
    """Their browser, in which they act as the owner."""
    client = client_of(helper)
    client.post(reverse("admin:accounts_act", args=[owner.pk]), {"reason": "Ticket 4711"})
    return client


def test_signing_out_everywhere_ends_acting_too_and_leads_back_to_nothing(as_owner: Client, helper: User) -> None:
    end_other_sessions(person=helper, session_key=None, why="asked")
    assert as_owner.get(reverse("organizations:landing")).headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in as_owner.session
    assert Impersonation.objects.get().ended_at is not None


def test_a_new_password_of_the_staff_ends_it_at_once(as_owner: Client, helper: User) -> None:
    helper.set_password("Another-Meadow-28")
    helper.save(update_fields=["password"])
    assert as_owner.get(reverse("organizations:landing")).headers["Location"] == reverse("account_login")
    assert "_auth_user_id" not in as_owner.session

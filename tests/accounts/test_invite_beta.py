"""The closed beta: who is let in, with which code, and how staff see and send invitations."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actions import beta
from accounts.jobs.beta import AT_ONCE
from accounts.models import BetaInvite, User
from audit.models import Entry
from core import tenancy
from core.errors import Conflict
from tests import builders
from tests.accounts.door import sign_up

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]
SENTENCE = "This code does not fit this address"


@pytest.fixture(autouse=True)
def _closed(settings: Any) -> None:
    settings.CLOSED_BETA = True


@pytest.fixture
def invite() -> BetaInvite:
    """An open invitation."""
    return beta.invite(email="Ada@Example.org", language="en", by=None)


def actions_of(row: BetaInvite) -> list[str]:
    """What the trail says of an invitation, oldest first."""
    with tenancy.system("looking"):
        return list(Entry.objects.filter(target_id=row.pk).order_by("id").values_list("action", flat=True))


def test_a_code_is_sixteen_capital_hexadecimal_digits(invite: BetaInvite) -> None:
    assert len(invite.code) == 16
    assert set(invite.code) <= set("0123456789ABCDEF")
    assert invite.email == "ada@example.org"


def test_the_code_opens_an_account_for_its_address_once(client: Client, invite: BetaInvite) -> None:
    assert sign_up(client, "ADA@example.org", invite_code=invite.code).status_code == 302
    invite.refresh_from_db()
    assert invite.used_by == User.objects.get(email="ada@example.org")
    assert invite.used_at
    assert actions_of(invite) == ["beta.invited", "beta.used"]
    again = sign_up(Client(), "ada@example.org", invite_code=invite.code)
    assert SENTENCE in again.content.decode()


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{dashed}"])
def test_a_code_is_read_however_it_is_typed(client: Client, invite: BetaInvite, typed: str) -> None:
    parts = [invite.code[place : place + 4] for place in range(0, 16, 4)]
    shown = typed.format(code=invite.code, lower=invite.code.lower(), dashed="-".join(parts))
    assert sign_up(client, "ada@example.org", invite_code=shown).status_code == 302


def test_one_sentence_for_every_reason(client: Client, invite: BetaInvite) -> None:
    revoked = beta.invite(email="eve@example.org", language="en", by=None)
    beta.revoke(invite=revoked, by=builders.make_person())
    tries = [
        ("ada@example.org", "0" * 16),
        ("eve@example.org", invite.code),
        ("eve@example.org", revoked.code),
        ("ada@example.org", "no code at all"),
    ]
    pages = [sign_up(client, email, invite_code=code) for email, code in tries]
    assert all(SENTENCE in page.content.decode() for page in pages)
    assert {str(page.context["form"].errors["invite_code"]) for page in pages} == {
        str(pages[0].context["form"].errors["invite_code"])
    }
    assert not User.objects.filter(email__in=["ada@example.org", "eve@example.org"]).exists()


def test_no_account_without_a_code(client: Client) -> None:
    assert sign_up(client, "ada@example.org").status_code == 200
    assert not User.objects.exists()


def test_an_open_site_asks_for_no_code(client: Client, settings: Any) -> None:
    settings.CLOSED_BETA = False
    assert "invite_code" not in client.get(reverse("account_signup")).context["form"].fields
    assert sign_up(client, "ada@example.org").status_code == 302


def test_the_mail_brings_the_code_and_a_link_that_fills_it_in(
    client: Client, invite: BetaInvite, run_queue: Queue
) -> None:
    run_queue()
    assert [one.to for one in mail.outbox] == [["ada@example.org"]]
    assert invite.code in str(mail.outbox[0].message())
    led = client.get(reverse("beta_invite", args=[invite.code]))
    assert led.headers["Location"] == reverse("account_signup")
    form = client.get(reverse("account_signup")).context["form"]
    assert (form["invite_code"].value(), form["email"].value()) == (invite.code, "ada@example.org")


def test_the_mail_is_in_the_language_of_the_invitation(run_queue: Queue) -> None:
    beta.invite(email="ada@example.org", language="fr", by=None)
    run_queue()
    beta.invite(email="eve@example.org", language="en", by=None)
    run_queue()
    assert mail.outbox[0].subject != mail.outbox[1].subject


def test_a_link_of_a_used_invitation_names_nobody(client: Client, invite: BetaInvite) -> None:
    beta.revoke(invite=invite, by=builders.make_person())
    client.get(reverse("beta_invite", args=[invite.code]))
    assert client.get(reverse("account_signup")).context["form"]["email"].value() is None


def test_more_than_one_transaction_holds_are_mailed_by_one_piece_of_work(run_queue: Queue) -> None:
    people = [(f"person-{number}@example.net", "en") for number in range(AT_ONCE + 1)]
    assert beta.invite_all(people=people, by=None) == AT_ONCE + 1
    run_queue()
    assert len(mail.outbox) == AT_ONCE + 1
    assert not BetaInvite.objects.filter(mailed_at=None).exists()


def test_who_is_invited_or_here_already_is_not_invited_again(invite: BetaInvite) -> None:
    builders.make_person(email="eve@example.org")
    for email in ("ada@example.org", "EVE@example.org"):
        with pytest.raises(Conflict):
            beta.invite(email=email, language="en", by=None)


def test_an_invitation_is_sent_again_and_revoked(invite: BetaInvite, run_queue: Queue) -> None:
    staff = builders.make_person()
    run_queue()
    beta.resend(invite=invite, by=staff)
    run_queue()
    assert len(mail.outbox) == 2
    beta.revoke(invite=invite, by=staff)
    assert actions_of(invite) == ["beta.invited", "beta.resent", "beta.revoked"]
    for act in (beta.resend, beta.revoke):
        with pytest.raises(Conflict):
            act(invite=invite, by=staff)
    assert run_queue() == 0


# ── The staff's side ────────────────────────────────────────────────────────────────────────────────────────────────
PAGE = "/admin/accounts/betainvite/invite/"
LIST = "/admin/accounts/betainvite/"


@pytest.fixture
def staff(client_of: Callable[[User], Client]) -> Client:
    """The browser of a superuser."""
    return client_of(builders.make_person(is_staff=True, is_superuser=True))


def upload(staff: Client, content: str | bytes) -> Any:
    """Send a table."""
    file = SimpleUploadedFile("people.csv", content.encode() if isinstance(content, str) else content)
    return staff.post(PAGE, {"form": "table", "table": file})


def test_staff_invite_one(staff: Client) -> None:
    assert staff.post(PAGE, {"form": "one", "email": "Ada@example.org", "language": "fr"}).status_code == 302
    assert BetaInvite.objects.values_list("email", "language").get() == ("ada@example.org", "fr")
    again = staff.post(PAGE, {"form": "one", "email": "ada@example.org", "language": "fr"})
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_staff_invite_from_a_table_and_are_told_of_every_row_that_was_not(staff: Client) -> None:
    builders.make_person(email="here@example.org")
    beta.invite(email="open@example.org", language="en", by=None)
    table = (
        "\ufeffemail,language\nada@example.org,fr\nEVE@example.org\n\nnobody\nada@example.org,en\nhere@example.org\n"
    )
    page = upload(staff, table + "open@example.org,en\nlast@example.org,de\n")
    assert page.status_code == 200
    assert {(line.number, str(line.problem)) for line in page.context["refused"]} == {
        (5, "not an address"),
        (6, "twice in this file"),
        (7, "invited already, or has an account"),
        (8, "invited already, or has an account"),
        (9, "neither en nor fr"),
    }
    made = BetaInvite.objects.exclude(email="open@example.org").values_list("email", "language")
    assert set(made) == {("ada@example.org", "fr"), ("eve@example.org", "en")}


def test_a_table_with_semicolons_is_read_too(staff: Client) -> None:
    upload(staff, "ada@example.org;fr\r\neve@example.org;en\r\n")
    assert BetaInvite.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    ["", "email\n", "é@".encode("latin-1"), "x" * 1_000_001, "a@example.org\n" * 5_001],
    ids=["empty", "heading", "encoding", "large", "long"],
)
def test_what_is_no_table_is_refused_whole(staff: Client, content: str | bytes) -> None:
    assert upload(staff, content).status_code == 422
    assert not BetaInvite.objects.exists()


def test_staff_find_send_again_and_revoke(staff: Client, invite: BetaInvite) -> None:
    other = beta.invite(email="eve@example.org", language="en", by=None)
    for action in ("resend", "revoke"):
        staff.post(LIST, {"action": action, "_selected_action": [str(invite.pk)]})
    assert actions_of(invite) == ["beta.invited", "beta.resent", "beta.revoked"]
    for state, found in (("open", [other]), ("revoked", [invite]), ("used", [])):
        assert list(staff.get(LIST, {"state": state}).context["cl"].result_list) == found
    assert list(staff.get(LIST, {"q": "eve@"}).context["cl"].result_list) == [other]
    assert other.code not in staff.get(LIST).content.decode()


def test_staff_without_the_right_invite_nobody(client_of: Callable[[User], Client]) -> None:
    clerk = client_of(builders.make_person(is_staff=True))
    assert clerk.post(PAGE, {"form": "one", "email": "ada@example.org", "language": "en"}).status_code == 403
    assert not BetaInvite.objects.exists()

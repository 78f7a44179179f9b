"""People without an account: the address confirms, then gets a copy or a certificate; the page tells nobody more."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import BetaInvite, DataRequest, DataRequestState, ErasureCertificate, User
from audit import actions as trail
from audit.models import Entry
from core import tenancy
from core.models import Lease, Mail

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]
EMAIL = "guest@example.org"
TOKEN = re.compile(r'"X-CSRFToken": "\w+"|name="csrfmiddlewaretoken" value="\w+"')


def ask(client: Client, email: str = EMAIL, kind: str = "export") -> str:
    answer = client.post(reverse("data_request"), {"email": email, "kind": kind})
    assert answer.status_code == 200
    return answer.content.decode()


def newest_link() -> str:
    body = str(mail.outbox[-1].message().get_body(("plain",)).get_content())  # type: ignore[union-attr]  # it has one
    return urlsplit(next(word for word in body.split() if word.startswith("http"))).path


def invite() -> BetaInvite:
    return BetaInvite.objects.create(code="0123456789ABCDEF", email=EMAIL)


def let_time_pass() -> None:
    Lease.objects.update(available_at=timezone.now())


def test_the_answer_is_the_same_whoever_asks_and_only_the_mailbox_learns_more(
    owner: User, client: Client, run_queue: RunQueue
) -> None:
    known, unknown = ask(client, owner.email), ask(Client())
    assert TOKEN.sub("", known) == TOKEN.sub("", unknown)
    run_queue()
    said = {message.to[0]: message.subject for message in mail.outbox}
    assert said == {owner.email: "About your data", EMAIL: "A copy of what is kept about you?"}
    let_time_pass()
    run_queue()
    assert DataRequest.objects.get(state=DataRequestState.EXPIRED).email == ""


def test_a_confirmed_address_gets_what_is_kept_of_it(client: Client, run_queue: RunQueue) -> None:
    invite()
    ask(client)
    run_queue()
    link = newest_link()
    client.get(link)
    assert DataRequest.objects.get().state == DataRequestState.UNCONFIRMED  # looking changes nothing
    assert client.post(link).status_code == 200
    assert client.post(link).status_code == 404  # once
    run_queue()
    page = newest_link()
    assert client.get(page).status_code == 200
    file = client.post(page)["Location"]
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(file).streaming_content))) as archive:  # type: ignore[attr-defined]
        assert json.loads(archive.read("data/beta_invites.json"))[0]["email"] == EMAIL


def test_a_confirmed_address_is_erased_with_a_certificate_and_then_forgotten(
    client: Client, run_queue: RunQueue
) -> None:
    invite()
    trail.record("invitation.tested", personal={"email": EMAIL})
    ask(client, kind="erase")
    run_queue()
    client.post(newest_link())
    run_queue()
    assert mail.outbox[-1].subject == "Your data is erased" and not BetaInvite.objects.exists()
    said = ErasureCertificate.objects.get().erased
    assert "Names, network addresses and browsers in the trail of what happened" in said
    with tenancy.system("looking"):
        assert EMAIL not in str(list(Entry.objects.values("actor_label", "personal")))
    let_time_pass()
    run_queue()
    done = DataRequest.objects.get()
    assert (done.state, done.email, done.token_digest) == (DataRequestState.DONE, "", "")
    assert not Mail.objects.filter(recipients__contains=[EMAIL]).exists()


def test_what_is_not_confirmed_in_a_day_is_over(client: Client, run_queue: RunQueue) -> None:
    ask(client)
    run_queue()
    link = newest_link()
    DataRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(link).status_code == 404
    let_time_pass()
    run_queue()
    over = DataRequest.objects.get()
    assert (over.state, over.email) == (DataRequestState.EXPIRED, "")


def test_a_mailbox_is_not_filled(client: Client, run_queue: RunQueue) -> None:
    for _again in range(3):
        ask(client)
    run_queue()
    assert len(mail.outbox) == 1
    assert client.post(reverse("data_request"), {"email": EMAIL, "kind": "export"}).status_code == 429


@pytest.mark.parametrize("form", [{}, {"email": "no address", "kind": "export"}, {"email": EMAIL, "kind": "sell"}])
def test_a_wrong_form_is_answered_422(form: dict[str, str], client: Client) -> None:
    assert client.post(reverse("data_request"), form).status_code == 422
    assert not DataRequest.objects.exists()


def test_the_copy_of_an_address_is_deleted_after_a_week(client: Client, run_queue: RunQueue) -> None:
    ask(client)
    run_queue()
    client.post(newest_link())
    run_queue()
    page, name = newest_link(), DataRequest.objects.get().file
    DataRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(page).status_code == 404
    let_time_pass()
    run_queue()
    assert not default_storage.exists(name) and DataRequest.objects.get().email == ""


def test_every_public_page_leads_there(client: Client) -> None:
    assert reverse("data_request") in client.get("/").content.decode()

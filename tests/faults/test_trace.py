"""Somebody who used everything is exported and erased: no dump of anything we keep holds a trace of them after.

The words are planted, each of them found nowhere else. What may stay is listed in KEPT, and told in the certificate.
"""

import email
import email.policy
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import environ
import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from psycopg import sql

from accounts.jobs import requests
from accounts.models import BetaInvite, Closing, DataRequest, ErasureCertificate, User
from billing.models import Customer, Errand, ProviderEvent, ProviderEventBody
from books import actions as books
from books.actions.collaborators import invite_collaborators
from books.actions.shares import make_link
from books.jobs import bundling, live
from books.models import Book, CollaboratorRole
from core import events, tenancy
from core.fields import cipher
from core.models import Lease
from organizations.actions import ensure_personal_organization
from organizations.actions.invitations import invite
from organizations.models import Membership, Organization, Role
from tests import builders
from tests.accounts.door import PASSWORD, sign_in
from tests.builders.money import make_purchase, price_of

RunQueue = Callable[[], int]
EMAIL = "zelda.quixwarble@example.org"
PLANTED = [
    "quixwarble", "zelda", "142685399", "zimblefrost", "vexilkraft", "glimmerwright", "snorkelbyte", "fandanglish",
    "privatebrook", "privatechapter", "privatesource", "privatefile", "privatepicture",
    "picturefilename", "homebrook", "homechapter", "bundlegrist",
    "chatquibble", "chatanswer", "invitationplea", "livemurmur", "rewritewish", "versionnote", "oldbrowser",
    "passkeyname", "revisionwish", "commentremark", "proposedword",
    "partplea", "partoffer", "linklabel", "checkoutquibble", "portalquibble", "refusalquibble", "deliveryquibble",
]  # fmt: skip
# What the certificate says is kept: text of a book its organization could read, and whom they had invited.
SHARED = {"books_chapter", "books_chapterversion", "books_rewrite"}
INVITED = {"organizations_invitation", "books_collaborator", "audit_entry", "core_mail"}
KEPT = {"sharedchapter": SHARED, "invitedfriend": INVITED}


@pytest.fixture
def zelda(organization: Organization, owner: User) -> User:
    """A member of `organization` with a name, a password, and an organization of her own."""
    person = builders.make_person(email=EMAIL, display_name="Zelda Quixwarble", password=PASSWORD)
    ensure_personal_organization(person=person)
    with tenancy.declared(organization.pk):
        invite(organization=organization, by=owner, emails=[EMAIL], role=Role.MEMBER, message="Come, Zelda")
    Membership.objects.create(organization=organization, person=person, role=Role.ADMIN)
    return person


def fill_profile(client: Client) -> None:
    """Every field there is, a picture, a session of a telling browser."""
    about = {"display_name": "Zelda Quixwarble", "job_title": "Glimmerwright", "company": "Vexilkraft",
             "website": "https://snorkelbyte.example.org", "bio": "Fandanglish since ever."}  # fmt: skip
    assert client.post(reverse("accounts:profile"), about).status_code == 302
    contact = {"phone": "+33142685399", "street": "17 quai Zimblefrost", "city": "Zimblefrost", "country": "FR"}
    assert client.post(reverse("accounts:contact"), contact).status_code == 302
    target = io.BytesIO()
    Image.new("RGB", (90, 90), "teal").save(target, "PNG")
    picture = SimpleUploadedFile("zelda.png", target.getvalue())
    assert client.post(reverse("accounts:picture"), {"picture": picture}).status_code == 302


def write_books(organization: Organization, person: User) -> Book:
    """A private book with everything, and one that its organization reads; the latter is returned."""
    private = builders.make_book(organization, person, title="Privatebrook", goal="privatebrook")
    chapter = builders.make_chapter(private, markdown="privatechapter")
    builders.make_source(private, title="Privatesource", text="privatesource")
    builders.make_picture(private, name="privatepicture.jpg", alt="privatepicture")
    builders.make_version(chapter, markdown="privatechapter", note="versionnote")
    run = builders.make_run(private, brief={"title": "Privatebrook"}, facts=["privatebrook"], problem="privatebrook")
    builders.make_call(builders.make_step(run, problem="privatebrook"), text="privatechapter")
    events.client().set(live.key(run.pk, 0), "livemurmur")
    events.publish(run.pk, "words", {"text": "livemurmur"})
    export(private, b"privatefile")
    shared = builders.make_book(organization, person, title="Shared Meadow", visibility="internal")
    kept = builders.make_chapter(shared, markdown="sharedchapter")
    builders.make_version(kept, markdown="sharedchapter", note="versionnote", made_by=person)
    builders.make_rewrite(kept, instruction="rewritewish", markdown="sharedchapter")
    for book in (private, shared):
        builders.make_revision(book, message="revisionwish")
    builders.make_picture(shared, name="picturefilename.jpg", uploaded_by=person)
    export(shared, b"by Zelda Quixwarble")
    return shared


def export(book: Book, data: bytes) -> Any:
    """A stored file of the book, that was fetched."""
    name = default_storage.save(f"exports/{book.organization_id}/{book.pk}/made.epub", ContentFile(data))
    made = {"state": "ready", "file": name, "file_name": f"{book.title}.epub", "sha256": "0" * 64}
    done = builders.make_export(book, **made, finished_at=timezone.now())
    builders.make_download(done, book.author)
    return done


def use_everything(client: Client, person: User, organization: Organization, owner: User) -> None:
    """Whatever a person can leave behind."""
    fill_profile(client)
    shared = write_books(organization, person)
    own = ensure_personal_organization(person=person)
    home = builders.make_book(own, person, title="Homebrook", visibility="internal")
    builders.make_chapter(home, markdown="homechapter")
    export(home, b"homechapter")
    others = builders.make_book(organization, owner, visibility="internal")
    chat = builders.make_chat(others, person, title="Chatquibble")
    asked = {"brief": {"q": "chatquibble"}}
    turn = builders.make_turn(chat, question="chatquibble?", answer="chatanswer", run_fields=asked)
    builders.make_call(builders.make_step(turn.run, kind="finish"), text="chatanswer")
    begun = builders.make_comment(builders.make_chapter(others), person, text="commentremark")
    builders.make_comment(begun.chapter, owner, thread=begun, text="No.")
    naming = builders.make_comment(begun.chapter, owner, text="Ask @Zelda Quixwarble.")
    builders.make_mention(naming, person)
    builders.make_comment(begun.chapter, person, thread=naming, text="commentremark")
    builders.make_suggestion(begun.chapter, "bees", "proposedword", source="person", author=person)
    stored = default_storage.save(f"bundles/{organization.pk}/zelda.zip", ContentFile(b"bundlegrist"))
    made = {"state": "ready", "file": stored, "file_name": "bundlegrist.zip", "sha256": "0" * 64}
    builders.make_bundle(organization, person, export(others, b"of others"), **made, finished_at=timezone.now())
    with tenancy.declared(organization.pk):
        books.trash_book(book=shared, by=person)
        books.restore_book(book=shared, by=person)
        invite(organization=organization, by=person, emails=["invitedfriend@example.org"], role=Role.MEMBER,
               message="invitationplea")  # fmt: skip
        share(shared, others, person)
        buy(organization, person)
    BetaInvite.objects.create(code="0123456789ABCDEF", email=EMAIL, used_by=person, used_at=timezone.now())
    Authenticator.objects.create(user=person, type="webauthn", data={"name": "Passkeyname"})
    UserSession.objects.create(user=person, ip="203.0.113.9", session_key="x" * 32, user_agent="Oldbrowser/1")
    client.post(reverse("accounts:export_request"))


def buy(organization: Organization, person: User) -> None:
    """A purchase that failed, and an answer of a payment provider."""
    make_purchase(organization, person, price_of("PRO"), url="https://pay.example.org/checkoutquibble",
                  problem="refusalquibble", state="failed")  # fmt: skip
    with transaction.atomic(), tenancy.declared(organization.pk):
        Errand.objects.create(organization=organization, kind="portal", state="done", by=person, provider="stripe",
                              result={"url": "https://pay.example.org/portalquibble"})  # fmt: skip
    Customer.objects.create(organization=organization, provider="stripe", livemode=False, provider_id="cus_1")
    event = ProviderEvent.objects.create(provider="stripe", livemode=False, event_id="evt_1", type="customer.updated",
                                         customer_id="cus_1", happened_at=timezone.now())  # fmt: skip
    ProviderEventBody.objects.bulk_create([ProviderEventBody(id=event.pk, body=b'{"name": "deliveryquibble"}')])


def share(book: Book, others: Book, person: User) -> None:
    """Somebody invited to their book, a link to it, and a part of theirs in somebody else's."""
    invite_collaborators(book=book, by=person, emails=["invitedfriend@example.org"], role=CollaboratorRole.VIEWER,
                         message="partplea")  # fmt: skip
    make_link(book=book, by=person, label="linklabel", days=7, password="")
    invite_collaborators(book=others, by=others.author, emails=[EMAIL], role=CollaboratorRole.EDITOR,
                         message="partoffer")  # fmt: skip


def unfolded(text: str) -> Iterator[str]:
    """The text, what is encrypted in it, and the bytes it spells."""
    yield text
    for token in re.findall(r"gAAAA[\w-]{60,}={0,2}", text):
        yield cipher().decrypt(token).decode()
    for spelled in re.findall(r"\\x((?:[0-9a-f]{2})+)", text):
        data = bytes.fromhex(spelled)
        yield data.decode(errors="replace")
        message = email.message_from_bytes(data, policy=email.policy.default)
        yield " ".join(str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text")


def database() -> Iterator[tuple[str, str]]:
    """(table, row) of everything, as the owner of the database reads it."""
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    given = {"host": owner["HOST"], "port": owner["PORT"], "user": owner["USER"], "password": owner["PASSWORD"]}
    with psycopg.connect(dbname=connection.settings_dict["NAME"], **given) as dump:
        tables = dump.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) > 60
        for (table,) in tables:
            for (row,) in dump.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table))):
                yield from ((table, text) for text in unfolded(row))
    for session in Session.objects.all():
        yield "django_session", json.dumps(session.get_decoded())


def storage(folder: Path) -> Iterator[tuple[str, str]]:
    """(name, content) of every stored file and of what archives hold."""
    for path in folder.rglob("*"):
        yield "storage", str(path.relative_to(folder))
        if path.is_file():
            yield "storage", path.read_bytes().decode(errors="replace")
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from (("storage", archive.read(name).decode(errors="replace")) for name in archive.namelist())


def valkey() -> Iterator[tuple[str, str]]:
    """Every key and what is under it, whatever its kind."""
    client = events.client()
    readers: dict[Any, Callable[[Any], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"stream": client.xrange,
        b"set": client.smembers,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    for key in client.scan_iter():
        yield "valkey", f"{key!r} {readers[client.type(key)](key)!r}"


def found(words: list[str], folder: Path) -> dict[str, set[str]]:
    """Each word that is anywhere, and where."""
    places: dict[str, set[str]] = {}
    for place, text in [*database(), *storage(folder), *valkey()]:
        lowered = text.lower()
        for word in words:
            if word in lowered:
                places.setdefault(word, set()).add(place)
    return places


def let_time_pass(run_queue: RunQueue, folder: Path) -> None:
    """A fortnight: whatever waits is due, files are old, and beat's hourly tasks have run."""
    long_ago = time.time() - 86_400
    for path in folder.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    for _round in range(6):
        Lease.objects.update(available_at=timezone.now())
        run_queue()
        bundling.erase_old(timezone.now())


@pytest.mark.django_db(transaction=True)
def test_nothing_we_keep_holds_a_trace_of_who_was_erased(
    organization: Organization, owner: User, zelda: User, run_queue: RunQueue, tmp_path: Path
) -> None:
    files = tmp_path / "files"
    client = Client(headers={"User-Agent": "Oldbrowser/1"})
    assert sign_in(client, EMAIL).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    use_everything(client, zelda, organization, owner)
    run_queue()
    before = found([*PLANTED, *KEPT], files)
    assert before.keys() == {*PLANTED, *KEPT}  # every word was really planted, and this dump really finds it
    copy = DataRequest.objects.get(person=zelda)
    with default_storage.open(copy.file) as stored, zipfile.ZipFile(stored) as archive:
        whole = " ".join(archive.read(name).decode(errors="replace") for name in archive.namelist()).lower()
    # Words on their way to a chapter; a key's name stays with the key; a delivery says again what payments say.
    missing = {"livemurmur", "passkeyname", "deliveryquibble"}
    assert [word for word in PLANTED if word not in whole and word not in missing] == []

    assert client.post(reverse("accounts:closing"), {"email": EMAIL}).status_code == 200
    run_queue()
    Closing.objects.update(erase_at=timezone.now())
    let_time_pass(run_queue, files)

    after = found([*PLANTED, *KEPT], files)
    assert {word: places for word, places in after.items() if not places <= KEPT.get(word, set())} == {}
    assert "sharedchapter" in after and "invitedfriend" in after
    assert mail.outbox[-1].subject == "Your data is erased" and mail.outbox[-1].to == [EMAIL]
    certificate = ErasureCertificate.objects.get(subject_id=zelda.pk)
    assert certificate.erased and {one["what"] for one in certificate.kept} >= {
        "Text, pictures and sources of books that your organizations could read",
        "The other people’s e-mail addresses in invitations you sent",
    }
    assert not Lease.objects.filter(task__startswith="accounts.").exists()
    requests.answer(copy.pk)  # a late message changes nothing
    zelda.refresh_from_db()
    assert zelda.erased_at and zelda.name == "Somebody who has left"

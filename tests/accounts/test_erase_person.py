"""The end of a closed account: erased when its two weeks are over, once, whoever is killed on the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts import actions
from accounts.actions import emails
from accounts.jobs import erasing
from accounts.models import Closing, ErasureCertificate, User
from accounts.transitions import letters
from audit.models import Entry
from books.models import Book, Chapter, ChapterVersion, Comment, Export, Revision, RevisionKind
from books.transitions import revisions
from books.transitions.closing import AT_ONCE
from core import tenancy
from core.models import Lease, Mail
from organizations.actions import ensure_personal_organization
from organizations.models import Invitation, Membership, Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
RunQueue = Callable[[], int]


@pytest.fixture
def person(organization: Organization, owner: User) -> User:
    """A member of `organization` who reads French."""
    made = builders.make_person(email="ada@example.org", display_name="Ada Bee", language="fr")
    ensure_personal_organization(person=made)
    Membership.objects.create(organization=organization, person=made, role="member")
    return made


def close(person: User) -> Closing:
    """Two weeks ago."""
    closing = actions.close_account(person=person)
    past = timezone.now() - timedelta(seconds=1)
    Closing.objects.filter(pk=closing.pk).update(erase_at=past)
    Lease.objects.filter(pk=closing.pk).update(available_at=past)
    return closing


def test_nothing_is_erased_before_its_time(person: User, run_queue: RunQueue) -> None:
    closing = actions.close_account(person=person)
    Lease.objects.filter(pk=closing.pk).update(available_at=timezone.now())
    run_queue()
    person.refresh_from_db()
    assert person.display_name == "Ada Bee" and person.erased_at is None
    assert Lease.objects.get(pk=closing.pk).available_at > timezone.now() + timedelta(days=13)


def test_the_person_is_erased_and_the_certificate_mailed_in_their_language(person: User, run_queue: RunQueue) -> None:
    closing = close(person)
    run_queue()
    person.refresh_from_db()
    assert person.email.endswith("@erased.invalid") and not person.has_usable_password()
    assert mail.outbox[-1].to == ["ada@example.org"]
    certificate = ErasureCertificate.objects.get(subject_id=person.pk)
    assert "Memberships and roles in organizations" in certificate.erased
    Lease.objects.filter(pk=closing.pk).update(available_at=timezone.now())
    run_queue()
    assert Closing.objects.get(pk=closing.pk).email == ""
    assert not Mail.objects.filter(recipients__contains=["ada@example.org"]).exists()
    assert not Membership.objects.filter(person=person).exists()


def test_a_second_message_erases_nothing_twice(person: User, run_queue: RunQueue) -> None:
    closing = close(person)
    run_queue()
    erasing.erase(closing.pk)
    assert ErasureCertificate.objects.count() == 1
    with tenancy.system("looking"):
        assert Entry.objects.filter(action="person.erased").count() == 1


def test_who_came_back_is_not_erased(person: User, run_queue: RunQueue) -> None:
    closing = actions.close_account(person=person)
    actions.reopen_account(closing=closing, email="ada@example.org")
    Closing.objects.update(erase_at=timezone.now() - timedelta(seconds=1))
    run_queue()
    erasing.erase(closing.pk)
    person.refresh_from_db()
    assert person.is_active and not ErasureCertificate.objects.exists()


def test_private_books_go_and_shared_ones_stay_without_the_name(
    organization: Organization, owner: User, person: User, run_queue: RunQueue
) -> None:
    private = builders.make_book(organization, person)
    shared = builders.make_book(organization, person, visibility="internal")
    builders.make_chapter(shared)
    others = builders.make_book(organization, owner)
    name = default_storage.save(f"exports/{organization.pk}/{shared.pk}/x.epub", ContentFile(b"by Ada"))
    builders.make_export(shared, state="ready", file=name, sha256="0" * 64)
    close(person)
    run_queue()
    private, shared, others = (desk.again(book) for book in (private, shared, others))
    assert private.erased_at and private.title == "—"
    assert (shared.byline, shared.erased_at, others.byline) == ("", None, owner.name)
    assert desk.rows(Chapter, organization, book=shared) and not desk.rows(Export, organization, book=shared)


def test_more_books_than_one_piece_holds_are_erased(
    organization: Organization, person: User, run_queue: RunQueue
) -> None:
    for _number in range(AT_ONCE + 1):
        builders.make_book(organization, person)
    close(person)
    run_queue()
    with tenancy.declared(organization.pk):
        assert not Book.objects.of(organization).filter(author=person, erased_at__isnull=True).exists()
    assert ErasureCertificate.objects.count() == 1


@pytest.mark.parametrize("left", ["a mention", "a note", "a message"])
def test_nothing_of_a_part_in_a_book_stays_where_one_was_a_guest_once(
    left: str, organization: Organization, owner: User, person: User, run_queue: RunQueue
) -> None:
    chapter = builders.make_chapter(builders.make_book(organization, owner))
    comment = builders.make_comment(chapter, owner, text="Ask @Ada Bee.")
    if left == "a mention":
        builders.make_mention(comment, person)
    elif left == "a note":
        builders.make_version(chapter, made_by=person, note="Ada Bee → A. B.")
    else:
        with tenancy.declared(organization.pk), transaction.atomic():
            revisions.take(chapter.book, RevisionKind.KEPT, by=person, message="By Ada Bee.")
    Membership.objects.filter(organization=organization, person=person).delete()
    close(person)
    run_queue()
    told = {
        "a mention": [one.text for one in desk.rows(Comment, organization)],
        "a note": [one.note for one in desk.rows(ChapterVersion, organization)],
        "a message": [one.message for one in desk.rows(Revision, organization)],
    }
    assert "Ada" not in " ".join(told[left])


def test_what_was_theirs_alone_is_erased_soon_after(person: User, run_queue: RunQueue) -> None:
    home = Organization.objects.get(personal_of=person)
    close(person)
    run_queue()
    home.refresh_from_db()
    assert home.erased_at and home.personal_of_id is None and "ada" not in home.slug


def test_a_picture_goes_with_its_person(person: User, run_queue: RunQueue) -> None:
    name = default_storage.save(f"avatars/{person.pk}/0123456789abcdef-256.webp", ContentFile(b"x"))
    User.objects.filter(pk=person.pk).update(avatar=name)
    person.refresh_from_db()
    close(person)
    run_queue()
    person.refresh_from_db()
    assert person.avatar == ""
    assert Lease.objects.filter(pk=person.pk, task="accounts.tasks.tidy_pictures").exists()


def test_an_address_that_is_somebody_elses_by_then_keeps_what_is_theirs(
    person: User, organization: Organization, owner: User, run_queue: RunQueue
) -> None:
    letters.write("prove", {"code": "of the first"}, to="ada@example.org")
    closing = actions.close_account(person=person)
    run_queue()
    mail.outbox.clear()
    a_day_ago = timezone.now() - timedelta(days=1)
    Closing.objects.update(created_at=a_day_ago, erase_at=a_day_ago)
    Mail.objects.update(created_at=a_day_ago)
    Lease.objects.filter(pk=closing.pk).update(available_at=a_day_ago)
    next_one = builders.make_person(email="ada@example.org")
    builders.make_invitation(organization, owner, token="a-link", email="ada@example.org")
    letters.write("prove", {"code": "of the second"}, to="ada@example.org")
    run_queue()
    person.refresh_from_db()
    assert person.erased_at is not None
    assert ErasureCertificate.objects.filter(subject_id=person.pk).exists()
    assert [one.subject for one in mail.outbox] == ["Is it you? Your code"]  # no certificate of somebody else's
    assert Mail.objects.filter(recipients__contains=["ada@example.org"]).count() == 1
    with tenancy.declared(organization.pk):
        assert Invitation.objects.filter(email="ada@example.org").exists()
    next_one.refresh_from_db()
    assert next_one.email == "ada@example.org"
    Lease.objects.filter(pk=closing.pk).update(available_at=timezone.now())
    run_queue()
    assert Closing.objects.get(pk=closing.pk).email == ""
    assert Mail.objects.filter(recipients__contains=["ada@example.org"]).count() == 1


def test_what_was_sent_to_a_former_address_goes_too(person: User, run_queue: RunQueue) -> None:
    emails.change_email(person=person, email="ada@elsewhere.example", session_key=None)
    run_queue()
    assert Mail.objects.filter(recipients__contains=["ada@example.org"]).exists()
    close(person)
    run_queue()
    assert not Mail.objects.filter(recipients__contains=["ada@example.org"]).exists()

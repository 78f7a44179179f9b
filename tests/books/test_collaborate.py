"""People are invited to a book, join it, change what they are to it and leave it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from books.actions import collaborators as actions
from books.errors import BookRefused
from books.models import Book, BookKey, Collaborator, CollaboratorRole
from core import tenancy
from core.errors import TooMany
from organizations.models import Membership, Organization
from tests import builders
from tests.books import desk
from tests.trail import trail

ClientOf = Callable[[User], Client]
RunQueue = Callable[[], int]
pytestmark = pytest.mark.django_db
LINK = re.compile(r"/books/join/([\w-]+)/")


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A private book of the editor, with a chapter."""
    made = builders.make_book(organization, editor)
    builders.make_chapter(made)
    return made


def address(name: str, book: Book, *rest: Any) -> str:
    """A page about who works on the book."""
    return reverse(f"books:{name}", args=["atelier", book.pk, *rest])


def invite(client: Client, book: Book, emails: str = "ada@example.org", **fields: str) -> int:
    """The status of inviting by the form."""
    form = {"emails": emails, "role": "commenter", "message": "", "language": "en"} | fields
    return client.post(address("collaborator_new", book), form).status_code


def grants(book: Book) -> list[Collaborator]:
    """Every part in the book, oldest first."""
    with transaction.atomic(), tenancy.declared(book.organization_id):
        return list(Collaborator.objects.of(book.organization).filter(book=book).order_by("id"))


def mailed_token(run_queue: RunQueue) -> str:
    """The token of the link in the newest letter."""
    run_queue()
    found = LINK.search(said())
    assert found
    return found[1]


def said() -> str:
    """The newest letter, as text."""
    body = mail.outbox[-1].message().get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_an_invitation_is_a_letter_in_the_language_that_was_chosen(
    book: Book, editor: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    assert invite(client_of(editor), book, "Ada@Example.org", role="editor", message="Regarde !", language="fr") == 302
    (grant,) = grants(book)
    assert (grant.email, grant.role, grant.state, grant.person) == ("ada@example.org", "editor", "pending", None)
    token = mailed_token(run_queue)
    letter = mail.outbox[-1]
    assert letter.to == ["ada@example.org"]
    assert "Regarde !" in said()
    assert BookKey.objects.get(subject_id=grant.pk).key not in said() + token
    assert trail("collaborator.invited")[-1].details == {"part": "editor"}


def test_who_joins_is_a_guest_without_a_seat_and_sees_that_book_alone(
    book: Book, organization: Organization, editor: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    builders.make_book(organization, editor, title="Not Yours", visibility="internal")
    invite(client_of(editor), book, role="viewer")
    token = mailed_token(run_queue)
    ada = builders.make_person(email="ada@example.org", display_name="Ada Reader")
    browser = client_of(ada)
    page = browser.get(f"/books/join/{token}/")
    assert (page.status_code, b"Bees on City Roofs" in page.content) == (200, True)
    joined = browser.post(f"/books/join/{token}/", {"do": "accept"})
    assert joined.headers["Location"] == f"/o/atelier/books/{book.pk}/"
    place = Membership.objects.get(organization=organization, person=ada)
    assert (place.role, Membership.objects.filter(organization=organization).seated().filter(person=ada).exists()) == (
        "guest",
        False,
    )
    shelf = browser.get("/o/atelier/books/").content.decode()
    assert ("Bees on City Roofs" in shelf, "Not Yours" in shelf) == (True, False)
    assert browser.get(f"/o/atelier/books/{book.pk}/read/").status_code == 302
    assert browser.get(f"/o/atelier/books/{book.pk}/edit/").status_code == 403
    assert browser.get(f"/books/join/{token}/").status_code == 404
    run_queue()
    assert mail.outbox[-1].to == [editor.email]


def test_a_visitor_is_led_through_signing_in_and_back(
    book: Book, editor: User, client: Client, client_of: ClientOf, run_queue: RunQueue
) -> None:
    invite(client_of(editor), book)
    token = mailed_token(run_queue)
    assert client.get(f"/books/join/{token}/").status_code == 200
    door = client.post(f"/books/join/{token}/", {"do": "sign_up"}).headers["Location"]
    assert (door.startswith("/accounts/signup/"), token in door) == (True, False)
    door = client.post(f"/books/join/{token}/", {"do": "sign_in"}).headers["Location"]
    back = re.search(r"next=([^&]+)", door)
    assert back and token not in door
    client.force_login(builders.make_person(email="ada@example.org"))
    held = back[1].replace("%2F", "/")
    assert client.get(held).status_code == 200
    assert client_of(builders.make_person()).get(held).status_code == 404
    assert client.post(held, {"do": "accept"}).status_code == 302
    assert [grant.state for grant in grants(book)] == ["active"]


def test_declining_ends_the_link(
    book: Book, editor: User, client: Client, client_of: ClientOf, run_queue: RunQueue
) -> None:
    invite(client_of(editor), book)
    token = mailed_token(run_queue)
    assert client.post(f"/books/join/{token}/", {"do": "decline"}).status_code == 302
    assert client.get(f"/books/join/{token}/").status_code == 404
    assert trail("collaborator.declined")[-1]


@pytest.mark.parametrize(
    ("state", "trashed"),
    [({"expires_at": timezone.now() - timedelta(seconds=1)}, False), ({"state": "inactive"}, False), ({}, True)],
)
def test_a_link_that_is_over_says_what_to_do(state: dict[str, Any], trashed: bool, book: Book, client: Client) -> None:
    builders.make_collaborator(book, None, token="over", **state)
    if trashed:
        with tenancy.declared(book.organization_id):
            Book.objects.of(book.organization).update(trashed_at=timezone.now())
    page = client.get("/books/join/over/")
    assert (page.status_code, b"invited you" in page.content or b"for a new one" in page.content) == (404, True)


def test_members_have_their_part_at_once_and_are_told(
    book: Book, editor: User, owner: User, viewer: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    assert invite(client_of(editor), book, f"{viewer.email}\n{owner.email}", role="editor") == 302
    assert {(grant.person_id, grant.state) for grant in grants(book)} == {
        (viewer.pk, "active"), (owner.pk, "active"),
    }  # fmt: skip
    run_queue()
    assert {letter.to[0] for letter in mail.outbox} == {viewer.email, owner.email}
    assert client_of(viewer).get(f"/o/atelier/books/{book.pk}/edit/").status_code == 200


def test_neither_the_author_nor_who_works_on_it_is_invited(
    book: Book, editor: User, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, viewer)
    browser = client_of(editor)
    assert [invite(browser, book, email) for email in (editor.email, viewer.email, "not an address", "")] == [422] * 4
    assert len(grants(book)) == 1


def test_a_second_invitation_takes_the_place_of_the_first(
    book: Book, editor: User, client: Client, client_of: ClientOf, run_queue: RunQueue
) -> None:
    browser = client_of(editor)
    invite(browser, book, role="viewer")
    first = mailed_token(run_queue)
    invite(browser, book, role="admin")
    second = mailed_token(run_queue)
    assert [grant.role for grant in grants(book)] == ["admin"]
    assert [client.get(f"/books/join/{token}/").status_code for token in (first, second)] == [404, 200]


def test_sending_again_waits_a_minute_then_kills_the_old_link(
    book: Book, editor: User, client: Client, client_of: ClientOf, run_queue: RunQueue
) -> None:
    grant = builders.make_collaborator(book, None, token="old")
    browser = client_of(editor)
    for _again in range(2):
        browser.post(address("collaborator_resend", book, grant.pk))
    new = mailed_token(run_queue)
    assert len(mail.outbox) == 1
    assert [client.get(f"/books/join/{token}/").status_code for token in ("old", new)] == [404, 200]


def test_a_role_is_changed_at_once(
    book: Book, editor: User, viewer: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    grant = builders.make_collaborator(book, viewer)
    page = address("collaborator", book, grant.pk)
    assert client_of(editor).get(page).status_code == 200
    assert client_of(editor).post(page, {"role": "editor"}).status_code == 302
    assert client_of(viewer).get(f"/o/atelier/books/{book.pk}/edit/").status_code == 200
    assert trail("collaborator.changed")[-1].changes == {"part": ["viewer", "editor"]}
    run_queue()
    assert mail.outbox[-1].to == [viewer.email]


def test_a_role_changed_again_and_again_fills_nobodys_box(
    book: Book, editor: User, viewer: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    grant = builders.make_collaborator(book, viewer)
    for number in range(8):
        role = ["editor", "viewer"][number % 2]
        assert client_of(editor).post(address("collaborator", book, grant.pk), {"role": role}).status_code == 302
    run_queue()
    assert (len(trail("collaborator.changed")), len(mail.outbox)) == (8, 5)


def test_a_part_that_is_ended_is_over_from_the_next_page_on(
    book: Book, editor: User, viewer: User, client_of: ClientOf
) -> None:
    grant = builders.make_collaborator(book, viewer)
    browser = client_of(viewer)
    assert browser.get(f"/o/atelier/books/{book.pk}/").status_code == 200
    page = address("collaborator_end", book, grant.pk)
    assert client_of(editor).get(page).status_code == 200
    for _twice in range(2):
        assert client_of(editor).post(page).status_code == 302
    assert browser.get(f"/o/atelier/books/{book.pk}/").status_code == 404
    assert [one.state for one in grants(book)] == ["inactive"]
    assert invite(client_of(editor), book, viewer.email) == 302
    assert browser.get(f"/o/atelier/books/{book.pk}/").status_code == 200


def test_one_leaves_by_oneself(
    book: Book, editor: User, viewer: User, client_of: ClientOf, run_queue: RunQueue
) -> None:
    builders.make_collaborator(book, viewer)
    browser = client_of(viewer)
    assert browser.get(address("collaborator_leave", book)).status_code == 200
    assert browser.post(address("collaborator_leave", book)).status_code == 302
    assert browser.get(f"/o/atelier/books/{book.pk}/").status_code == 404
    run_queue()
    assert mail.outbox[-1].to == [editor.email]
    assert client_of(editor).post(address("collaborator_leave", book)).status_code == 302


def test_whoever_was_removed_and_comes_back_has_no_part_any_more(
    book: Book, organization: Organization, editor: User, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, viewer, role="admin")
    Membership.objects.filter(person=viewer).delete()
    Membership.objects.create(organization=organization, person=viewer, role="guest")
    assert client_of(viewer).get(f"/o/atelier/books/{book.pk}/").status_code == 404
    assert invite(client_of(editor), book, viewer.email, role="viewer") == 302
    assert client_of(viewer).get(f"/o/atelier/books/{book.pk}/").status_code == 200
    assert [grant.state for grant in grants(book)] == ["inactive", "active"]


def test_the_list_is_searched_filtered_and_turned_over(
    book: Book, editor: User, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, viewer, role="editor")
    builders.make_collaborator(book, None, email="late@example.org", expires_at=timezone.now() - timedelta(days=1))
    for number in range(51):
        builders.make_collaborator(book, None, email=f"many-{number:02}@example.org")
    browser = client_of(editor)

    def shown(query: str) -> str:
        return str(browser.get(address("collaborators", book) + query).content.decode())

    assert "many-50" in shown("") and "many-00" not in shown("") and 'rel="next"' in shown("")
    assert "Vera Viewer" in shown("?q=vera") and "many-50" not in shown("?q=vera")
    assert "late@" in shown("?state=expired") and "many-50" not in shown("?state=expired")
    assert "Vera" in shown("?state=active") and "Vera" in shown("?role=editor")
    assert "Nobody like that" in shown("?state=ended")


def test_who_is_invited_to_lead_invites_others_and_a_commenter_does_not(
    book: Book, organization: Organization, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, viewer, role="admin")
    other = builders.make_member(organization, "guest")
    builders.make_collaborator(book, other, role="commenter")
    assert [invite(client_of(person), book) for person in (viewer, other)] == [302, 403]


def test_invitations_are_limited(book: Book, editor: User) -> None:
    with tenancy.declared(book.organization_id):
        for _again in range(5):
            actions.invite_collaborators(book=book, by=editor, emails=["a@example.org"], role=CollaboratorRole.VIEWER)
        with pytest.raises(TooMany):
            actions.invite_collaborators(book=book, by=editor, emails=["a@example.org"], role=CollaboratorRole.VIEWER)


def test_an_erased_book_leaves_no_way_in(book: Book, editor: User, viewer: User) -> None:
    builders.make_collaborator(book, viewer)
    builders.make_collaborator(book, None, token="gone")
    with tenancy.declared(book.organization_id):
        from books import actions as books

        books.trash_book(book=book, by=editor)
        books.erase_book(book=book, by=editor)
    assert grants(book) == []
    assert not BookKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_accept_at_once_one_does() -> None:
    organization = builders.make_organization(slug="many")
    author = builders.make_member(organization, "owner")
    book = builders.make_book(organization, author)
    grant = builders.make_collaborator(book, None, token="once")
    people = [builders.make_person() for _each in range(50)]

    def accept(person: User) -> bool:
        try:
            with tenancy.declared(organization.pk):
                actions.accept_collaboration(grant=grant, person=person)
        except BookRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(accept, people))
    assert sum(answers) == 1
    assert [one.state for one in grants(book)] == ["active"]
    assert Membership.objects.filter(organization=organization).count() == 2


def test_desks_know_nothing_of_a_part_that_was_only_offered(
    book: Book, organization: Organization, viewer: User, client_of: ClientOf
) -> None:
    builders.make_collaborator(book, None, email=viewer.email)
    assert client_of(viewer).get(desk.address("book", "atelier", book.pk)).status_code == 404

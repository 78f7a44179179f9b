"""Role × act: what each may do with a book (ruling 22), asked of the queries and walked against every page of a book.

Which act a page asks for stands in tests/contracts/test_permissions.py; here stands who may do which act.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.models import Book, BookAct, CollaboratorRole, Visibility
from books.queries.rights import acts_of
from core import tenancy
from organizations.access import resolve
from organizations.models import Membership, Organization
from tests import builders
from tests.contracts.rules import MISSING, REFUSED, RULES
from tests.contracts.test_addresses import CASES, PAGES, STREAMS, Addresses, addresses  # noqa: F401  # a fixture
from tests.contracts.test_permissions import sampled

ClientOf = Callable[[User], Client]
Acts = frozenset[BookAct]
A = BookAct
NOTHING: Acts = frozenset()
EVERYTHING = frozenset(BookAct)
READS = frozenset({A.READ})
COMMENTS = READS | {A.COMMENT, A.SUGGEST}
EDITS = COMMENTS | {A.DECIDE, A.EDIT, A.ARRANGE, A.REVISE}
LEADS = EDITS | {A.ASK, A.ORDER, A.SHARE, A.COLLABORATE}
ASKS = frozenset({A.READ, A.ASK})

# (role in the organization, grant) → what they may with a private book, and with one that is internal or public.
TABLE: dict[tuple[str, str], tuple[Acts, Acts]] = {
    ("owner", "author"): (EVERYTHING, EVERYTHING),
    ("member", "author"): (EVERYTHING, EVERYTHING),
    ("guest", "author"): (EVERYTHING - {A.PUBLISH, A.REMOVE},) * 2,
    ("owner", ""): (NOTHING, EVERYTHING),
    ("admin", ""): (NOTHING, EVERYTHING),
    ("member", ""): (NOTHING, ASKS),
    ("guest", ""): (NOTHING, NOTHING),
    ("guest", "viewer"): (READS, READS),
    ("guest", "commenter"): (COMMENTS, COMMENTS),
    ("guest", "editor"): (EDITS, EDITS),
    ("guest", "admin"): (LEADS, LEADS),
    ("member", "viewer"): (ASKS, ASKS),
    ("member", "commenter"): (COMMENTS | ASKS, COMMENTS | ASKS),
    ("member", "editor"): (EDITS | ASKS | {A.ORDER}, EDITS | ASKS | {A.ORDER}),
    ("member", "admin"): (LEADS, LEADS),
    ("admin", "viewer"): (ASKS, EVERYTHING),
    ("member", "pending"): (NOTHING, ASKS),
    ("guest", "pending"): (NOTHING, NOTHING),
    ("guest", "inactive"): (NOTHING, NOTHING),
    ("guest", "from before they left"): (NOTHING, NOTHING),
}
CASES_OF_TABLE = [(*who, visibility) for who in TABLE for visibility in Visibility.values]
# Pages that name something of a book and ask for no act: by their own rule, walked in test_permissions.
OTHERWISE = {
    "books:erase": "rows of the trash, of whom may remove them",
    "books:downloads": "who fetched its files is for its author and the registry's exports.log",
    "books:downloads_table": "the same",
    "books:run_cap": "billing.manage, of runs whose titles one may know",
}


def may(role: str, grant: str, visibility: str) -> Acts:
    """What the table says."""
    return TABLE[role, grant][visibility != Visibility.PRIVATE]


def cast(organization: Organization, book: Book, role: str, grant: str) -> User:
    """Somebody of that role, as the book's author or with that grant on it."""
    if grant == "author":
        Membership.objects.filter(organization=organization, person=book.author).update(role=role)
        return book.author
    person = builders.make_member(organization, role)
    if grant in CollaboratorRole.values:
        builders.make_collaborator(book, person, role=grant)
    elif grant == "pending":
        builders.make_collaborator(book, None, email=person.email, role="admin")
    elif grant:
        ended = {"state": "inactive"} if grant == "inactive" else {"accepted_at": timezone.now() - timedelta(days=9)}
        builders.make_collaborator(book, person, role="admin", **ended)
    return person


def expected(name: str, acts: Acts, role: str, *, writing: bool) -> int | None:
    """What a page of the book answers somebody who may do that; None is neither 403 nor 404."""
    rule = RULES[name]
    if rule.gate and rule.gate not in Membership(role=role).permissions:
        return REFUSED
    act = rule.needs(writing=writing)
    if A.READ not in acts:
        return MISSING
    return None if act in acts else REFUSED


def violations(browser: Client, urls: Addresses, acts: Acts, role: str, pages: list[str]) -> list[str]:
    """Pages of the book that answer otherwise than the table says."""
    found = []
    for name in pages:
        for ask, writing in ((browser.get, False), (browser.post, True)):
            with transaction.atomic():
                status = ask(urls[name]).status_code
                transaction.set_rollback(True)
            answered = status if status in {REFUSED, MISSING} else None
            if status != 405 and (answered != expected(name, acts, role, writing=writing) or status == 500):
                found.append(f"{name} {'POST' if writing else 'GET'}: {status}")
    return found


PAGES_OF_A_BOOK = [name for name in PAGES if RULES[name].act and not RULES[name].own]


@pytest.fixture
def book(organization: Organization, addresses: Addresses) -> Book:  # noqa: F811  # the fixture
    """The book that the addresses name; its author is `owner`, and another owner can take their place."""
    builders.make_member(organization, "owner")
    identifier = addresses["books:book"].split("/")[4]
    with tenancy.declared(organization.pk):
        return Book.objects.of(organization).select_related("author").get(pk=identifier)


def show(book: Book, visibility: str) -> None:
    """Let the book be seen by those."""
    book.visibility = visibility
    with tenancy.declared(book.organization_id):
        book.save(update_fields=["visibility"])


@pytest.mark.parametrize(("role", "grant", "visibility"), CASES_OF_TABLE)
def test_what_somebody_may_do_with_a_book(
    role: str, grant: str, visibility: str, organization: Organization, owner: User
) -> None:
    book = builders.make_book(organization, owner, visibility=visibility)
    person = cast(organization, book, role, grant)
    member = resolve(person, organization.slug)
    with tenancy.declared(organization.pk):
        found = frozenset(act for act in BookAct if Book.objects.allowing(member, act).filter(pk=book.pk).exists())
        assert (acts_of(member, book), found) == (may(role, grant, visibility),) * 2


@pytest.mark.parametrize(("role", "grant"), TABLE)
def test_every_page_of_a_book_answers_so(
    role: str,
    grant: str,
    organization: Organization,
    book: Book,
    addresses: Addresses,  # noqa: F811  # the fixture
    client_of: ClientOf,
) -> None:
    browser = client_of(cast(organization, book, role, grant))
    for visibility in (Visibility.PRIVATE, Visibility.INTERNAL):
        show(book, visibility)
        pages = sampled(PAGES_OF_A_BOOK)
        assert violations(browser, addresses, may(role, grant, visibility), role, pages) == []


def test_who_is_suspended_does_nothing_with_a_book_they_were_given(
    organization: Organization,
    book: Book,
    addresses: Addresses,  # noqa: F811  # the fixture
    client_of: ClientOf,
) -> None:
    person = cast(organization, book, "guest", "admin")
    Membership.objects.filter(person=person).update(suspended_at=timezone.now())
    browser = client_of(person)
    assert {browser.get(addresses[name]).status_code for name in PAGES_OF_A_BOOK} <= {REFUSED, 405}


def test_outsiders_find_no_page_and_a_grant_of_theirs_changes_nothing(
    book: Book,
    addresses: Addresses,  # noqa: F811  # the fixture
    outsider: User,
    client_of: ClientOf,
) -> None:
    show(book, Visibility.PUBLIC)
    builders.make_collaborator(book, outsider, role="admin")  # as after they were removed
    browser = client_of(outsider)
    answers = {browser.get(addresses[name]).status_code for name in PAGES_OF_A_BOOK}
    assert answers | {browser.post(addresses[name]).status_code for name in PAGES_OF_A_BOOK} <= {MISSING, 405}


def test_a_share_link_opens_no_page_of_the_organization(
    book: Book,
    addresses: Addresses,  # noqa: F811  # the fixture
    client: Client,
) -> None:
    builders.make_link(book, "t" * 43)
    assert client.get(f"/s/{'t' * 43}/").status_code == 200
    assert {client.get(addresses[name]).status_code for name in PAGES_OF_A_BOOK} <= {302, 405}
    assert {client.post(addresses[name]).status_code for name in PAGES_OF_A_BOOK} <= {302, 405}


def test_every_page_of_a_book_says_which_act_it_is() -> None:
    named = {name for name in CASES.keys() - STREAMS if name.startswith("books:") and CASES[name]}
    assert {name for name in named if not (RULES[name].act or RULES[name].own)} == OTHERWISE.keys()


def test_a_page_that_asks_for_another_act_is_caught(
    organization: Organization,
    book: Book,
    addresses: Addresses,  # noqa: F811  # the fixture
    client_of: ClientOf,
) -> None:
    browser = client_of(cast(organization, book, "guest", "viewer"))
    holed = {"books:book_edit": addresses["books:book"]}  # reading, where changing should be asked for
    assert violations(browser, holed, READS, "guest", ["books:book_edit"]) == ["books:book_edit GET: 200"]

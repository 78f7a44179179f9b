"""Role × address: what every tenant address needs, walked with every role against the registry.

A new address without an entry fails; what `tenant_view(needs=…)` says must be what stands here. Where the registry
decides row by row (own books, internal ones), the entry says so, and who lacks it finds nothing.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from books.models import Book
from core import tenancy
from organizations.access import resolve
from organizations.models import PERMISSIONS, Membership, Organization, Role
from tests import builders
from tests.contracts.rules import MISSING, REFUSED, RULES, Rule
from tests.contracts.test_addresses import (
    CASES,
    PAGES,
    STREAMS,
    Addresses,
    addresses,  # noqa: F401  # a fixture
    names,
)

ClientOf = Callable[[User], Client]
EACH = 3  # pages of one rule in a sample


def without_rule(urlconf: str | None = None) -> set[str]:
    """Tenant addresses without an entry, and entries whose address is gone."""
    tenant = {name for name, route in names(get_resolver(urlconf).url_patterns) if "<slug:slug>" in route}
    return tenant ^ RULES.keys()


def gates(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """(name, the codename that its view asks for at the gate) of every address behind `tenant_view`."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from gates(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and (needs := gate_of(pattern.callback)) is not None:
            yield f"{prefix}{pattern.name}", needs


def gate_of(view: Any) -> str | None:
    """What `tenant_view` was told; None for a view that is not behind it."""
    return getattr(view, "needs", None)


def disagreements(urlconf: str | None = None) -> set[str]:
    """Addresses whose view asks for something else than stands here."""
    said = dict(gates(get_resolver(urlconf).url_patterns))
    return {name for name in said.keys() | PAGES if said.get(name) != RULES.get(name, Rule("?")).gate}


def sampled(pages: list[str]) -> list[str]:
    """All of them in the whole run, else some of each rule, others every day: each page is walked by role anyway."""
    if os.environ.get("SCRIPTORIUM_FULL"):
        return pages
    chance = Random(timezone.now().date().isoformat())
    same = [[name for name in pages if RULES[name] == rule] for rule in {RULES[name]: None for name in pages}]
    return [name for one in same for name in chance.sample(one, min(len(one), EACH))]


def violations(client: Client, addresses: Addresses, has: frozenset[str], pages: list[str]) -> list[str]:  # noqa: F811
    """Pages that answer somebody with these permissions otherwise than their rule says."""
    found = []
    for name in pages:
        for ask, writing in ((client.get, False), (client.post, True)):
            with transaction.atomic():  # what one act ends, the next one finds again
                status = ask(addresses[name]).status_code
                transaction.set_rollback(True)
            if status == 405:
                continue
            expected = RULES[name].expected(has, writing=writing)
            if (status if status in {REFUSED, MISSING} else None) != expected or status == 500:
                found.append(f"{name} {'POST' if writing else 'GET'}: {status}, {expected or 'let in'} expected")
    return found


@pytest.fixture
def shared(addresses: Addresses, organization: Organization) -> Addresses:  # noqa: F811  # the fixture
    """The addresses, of books that are internal: what private ones answer is tests of test_addresses."""
    with tenancy.declared(organization.pk):
        Book.objects.of(organization).update(visibility="internal")
    return addresses


@pytest.fixture
def somebody(organization: Organization) -> Callable[..., User]:
    """Makes a member of a role, with further codenames."""

    def make(role: str, granted: tuple[str, ...] = (), **state: Any) -> User:
        person = builders.make_member(organization, role)
        Membership.objects.filter(person=person).update(granted=list(granted), **state)
        return person

    return make


def test_every_tenant_address_has_a_rule() -> None:
    assert without_rule() == set()
    assert RULES.keys() == CASES.keys()


def test_an_address_without_a_rule_is_caught() -> None:
    assert without_rule("tests.contracts.planted_urls") == {"planted"}


def test_every_gate_asks_for_what_its_rule_says() -> None:
    assert disagreements() == set()


def test_a_gate_that_asks_for_something_else_than_its_rule_is_caught() -> None:
    assert disagreements("tests.contracts.planted_gates") == {"tenant:members"}


def test_every_permission_of_a_rule_is_in_the_registry() -> None:
    assert {name for rule in RULES.values() for name in rule.codenames} <= PERMISSIONS.keys()


@pytest.mark.parametrize("role", ["admin", "member", "guest"])
def test_each_role_gets_what_the_registry_says(
    role: str, shared: Addresses, somebody: Callable[..., User], client_of: ClientOf
) -> None:
    has = Membership(role=role).permissions
    assert violations(client_of(somebody(role)), shared, has, PAGES) == []


@pytest.mark.parametrize("codename", sorted({name for rule in RULES.values() for name in rule.codenames}))
def test_one_permission_opens_what_it_is_for(
    codename: str, shared: Addresses, somebody: Callable[..., User], client_of: ClientOf
) -> None:
    pages = sampled([name for name in PAGES if codename in RULES[name].codenames])
    if not PERMISSIONS[codename].grantable:
        admin = client_of(somebody("admin", (codename,)))
        assert violations(admin, shared, Membership(role="admin").permissions, pages) == []
        return
    needed = {codename, *(one for name in pages for one in RULES[name].codenames)}
    for granted in (needed, needed - {codename}):
        guest = somebody("guest", tuple(granted))
        has = Membership(role="guest", granted=list(granted)).permissions
        assert violations(client_of(guest), shared, has, pages) == []


def test_the_owner_is_let_in_everywhere(shared: Addresses, owner: User, client_of: ClientOf) -> None:
    assert Membership(role=Role.OWNER).permissions == PERMISSIONS.keys()
    browser = client_of(owner)
    assert [name for name in PAGES if browser.get(shared[name]).status_code in {REFUSED, MISSING, 500}] == []


def test_who_is_suspended_is_let_in_nowhere(
    shared: Addresses, somebody: Callable[..., User], client_of: ClientOf
) -> None:
    browser = client_of(somebody("admin", suspended_at=timezone.now()))
    answers = {
        name: {browser.get(shared[name]).status_code, browser.post(shared[name]).status_code} - {405} for name in PAGES
    }
    assert {name for name, got in answers.items() if got != {REFUSED}} == set()


def test_an_outsider_finds_nothing_and_a_granted_codename_there_means_nothing_here(
    shared: Addresses, outsider: User, client_of: ClientOf
) -> None:
    Membership.objects.filter(person=outsider).update(granted=sorted(PERMISSIONS))
    browser = client_of(outsider)
    assert {name for name in PAGES if browser.get(shared[name]).status_code not in {MISSING, 405}} == set()


def test_a_page_that_asks_for_nothing_is_caught(
    shared: Addresses, somebody: Callable[..., User], client_of: ClientOf, organization: Organization, settings: Any
) -> None:
    settings.ROOT_URLCONF = "tests.contracts.planted_urls"
    holed = {"tenant:members": f"/o/{organization.slug}/planted/"}
    assert violations(client_of(somebody("guest")), holed, Membership(role="guest").permissions, ["tenant:members"])


def test_asking_for_a_permission_is_no_query_after_the_first(organization: Organization, editor: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        member = resolve(editor, organization.slug)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        answers = [member.may(codename) for codename in PERMISSIONS for _again in range(10)]
    assert (len(asked), any(answers), all(answers)) == (0, True, False)


def test_a_misspelt_permission_is_no_permission(organization: Organization, owner: User) -> None:
    ask = partial(resolve(owner, organization.slug).may, "members.mange")
    with pytest.raises(KeyError):
        ask()


def test_every_stream_has_a_rule_of_its_rows() -> None:
    assert {name for name in STREAMS if not (RULES[name].act or RULES[name].own)} == set()

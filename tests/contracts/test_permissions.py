"""Role × address: what every tenant address needs, walked with every role against the registry.

A new address without an entry fails; what `tenant_view(needs=…)` says must be what stands here. Where the registry
decides row by row (own books, internal ones), the entry says so, and who lacks it finds nothing.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from books.models import Book, BookAct
from core import tenancy
from organizations.access import resolve
from organizations.models import PERMISSIONS, Membership, Organization, Role
from tests import builders
from tests.contracts.test_addresses import (
    CASES,
    PAGES,
    STREAMS,
    Addresses,
    addresses,  # noqa: F401  # a fixture
    names,
)

ClientOf = Callable[[User], Client]
REFUSED, MISSING = 403, 404
EACH = 3  # pages of one rule in a sample


# What a member needs, by the registry, to do something with another's book that is not private, without a grant.
# Written out beside books.querysets.rights on purpose; test_book_rights.py walks grants and authors.
NEEDED = dict.fromkeys(BookAct, "books.manage_internal")
NEEDED |= {BookAct.READ: "books.read_internal", BookAct.ASK: "books.read_internal"}
NEEDED |= {BookAct.DECIDE: "corrections.decide"}

DECIDING = {BookAct.COMMENT, BookAct.SUGGEST}  # come with the right to decide, too


@dataclass(frozen=True)
class Rule:
    """What an address needs. `gate`: a codename, 403 without; `row`: those that find the row, 404 without.

    `act`: the page is of a book: 404 for who may not read it, 403 for who may and not do that. `post` is a further
    codename, `post_act` another act, for anything but reading. `own`: the row is its author's alone, 404 for others.
    """

    gate: str = ""
    row: tuple[str, ...] = ()
    post: str = ""
    own: bool = False
    act: BookAct | None = None
    post_act: BookAct | None = None

    def needs(self, *, writing: bool) -> BookAct | None:
        """What the page asks to be allowed of the book."""
        return self.post_act if writing and self.post_act else self.act

    def expected(self, has: frozenset[str], *, writing: bool) -> int | None:
        """REFUSED or MISSING for somebody who is not the author and has these permissions; None: neither."""
        if self.gate and self.gate not in has:
            return REFUSED
        if writing and self.post and self.post not in has:
            return REFUSED
        if act := self.needs(writing=writing):
            if NEEDED[BookAct.READ] not in has:
                return MISSING
            decides = act in DECIDING and NEEDED[BookAct.DECIDE] in has
            if NEEDED[act] not in has and not decides:
                return REFUSED
        return MISSING if self.own or not has.issuperset(self.row) else None

    @property
    def codenames(self) -> set[str]:
        """Every permission it names."""
        of_acts = {NEEDED[act] for act in (self.act, self.post_act) if act}
        read = {NEEDED[BookAct.READ]} if of_acts else set()
        return {self.gate, *self.row, self.post, *of_acts, *read} - {""}


MEMBER = Rule()
READ, SUGGEST = Rule(act=BookAct.READ), Rule(act=BookAct.SUGGEST)
COMMENT, EDIT, ORDER = Rule(act=BookAct.COMMENT), Rule(act=BookAct.EDIT), Rule(act=BookAct.ORDER)
ARRANGE, REVISE = Rule(act=BookAct.ARRANGE), Rule(act=BookAct.REVISE)
COLLABORATE, SHARE, PUBLISH = (Rule(act=act) for act in (BookAct.COLLABORATE, BookAct.SHARE, BookAct.PUBLISH))
REMOVE = Rule(row=("books.read_internal", "books.manage_internal"))
LOG = Rule(row=("books.read_internal", "exports.log"))
OWN = Rule(own=True)
SEE, MANAGE = Rule("members.see"), Rule("members.manage")
SETTINGS = Rule("settings.manage")
RULES: dict[str, Rule] = {
    "books:home": MEMBER,
    "books:book_list": MEMBER,
    "books:book_new": Rule("books.create"),
    "books:book_act": MEMBER,  # each book by its own row
    "books:private_titles": Rule("books.list_private"),
    "books:book_copy": Rule("books.create", act=BookAct.READ),
    "books:book_edit": EDIT,
    "books:trash": MEMBER,
    "books:erase": REMOVE,
    "books:book": READ,
    "books:book_write": ORDER,
    "books:read": READ,
    "books:chapter": READ,
    "books:chapters": READ,
    "books:chapter_add": ARRANGE,
    "books:chapter_move": ARRANGE,
    "books:cut_undo": ARRANGE,
    "books:chapters_trash": ARRANGE,
    "books:chapter_edit": ARRANGE,
    "books:chapter_split": ARRANGE,
    "books:chapter_merge": ARRANGE,
    "books:chapter_trash": ARRANGE,
    "books:chapter_return": ARRANGE,
    "books:chapter_erase": ARRANGE,
    "books:replace": EDIT,
    "books:origins": COMMENT,
    "books:origin": COMMENT,
    "books:origin_review": Rule(act=BookAct.DECIDE),
    "books:replace_undo": EDIT,
    "books:assistant": Rule(act=BookAct.EDIT, post_act=BookAct.ORDER),
    "books:versions": COMMENT,
    "books:version": COMMENT,
    "books:versions_compare": COMMENT,
    "books:version_restore": REVISE,
    "books:paragraph_restore": REVISE,
    "books:history": COMMENT,
    "books:revision_keep": REVISE,
    "books:compare": COMMENT,
    "books:revision": COMMENT,
    "books:revision_chapter": COMMENT,
    "books:revision_restore": REVISE,
    "books:revision_chapter_restore": REVISE,
    "books:rewrite": EDIT,
    "books:rewrite_take": EDIT,
    "books:rewrite_discard": EDIT,
    "books:rewrite_again": ORDER,
    "books:review": EDIT,
    "books:comment_list": COMMENT,
    "books:comment": Rule(act=BookAct.READ, post_act=BookAct.COMMENT),
    "books:comment_edit": OWN,
    "books:comment_delete": OWN,
    "books:comment_resolve": COMMENT,  # whose thread it is the action weighs
    "books:chapter_comments": COMMENT,
    "books:marks": COMMENT,
    "books:suggestion_list": SUGGEST,
    "books:suggestion_decide": SUGGEST,  # who decides about others' the view asks besides
    "books:suggestion_undo": SUGGEST,
    "books:chapter_suggestions": SUGGEST,
    "books:suggestion_text": SUGGEST,
    "books:studio": COMMENT,
    "books:preview": COMMENT,
    "books:save": EDIT,
    "books:text": READ,
    "books:people": READ,
    "books:here": READ,
    "books:sources": EDIT,
    "books:pictures": Rule(act=BookAct.COMMENT, post_act=BookAct.EDIT),
    "books:picture": Rule(act=BookAct.COMMENT, post_act=BookAct.EDIT),
    "books:picture_remove": EDIT,
    "books:picture_small": READ,
    "books:picture_large": READ,
    "books:source_remove": EDIT,
    "books:export_request": READ,
    "books:download": READ,
    "books:downloads": LOG,
    "books:downloads_table": LOG,
    "books:place": READ,
    "books:bundles": MEMBER,
    "books:bundle_new": MEMBER,
    "books:bundle": OWN,
    "books:bundle_download": OWN,
    "books:chats": Rule(act=BookAct.READ, post_act=BookAct.ASK),
    "books:chat_title": EDIT,
    "books:chat": OWN,
    "books:chat_rename": OWN,
    "books:chat_delete": OWN,
    "books:chat_stop": OWN,
    "books:chat_retry": OWN,
    "books:chat_resume": OWN,
    "books:collaborators": COLLABORATE,
    "books:collaborator_new": COLLABORATE,
    "books:collaborator": COLLABORATE,
    "books:collaborator_resend": COLLABORATE,
    "books:collaborator_end": COLLABORATE,
    "books:collaborator_leave": READ,
    "books:shares": SHARE,
    "books:share_visibility": Rule(act=BookAct.SHARE),  # the action asks for its author
    "books:share_revoke": SHARE,
    "books:visits": SHARE,
    "books:publishing": PUBLISH,
    "books:take_back": PUBLISH,
    "books:spending": Rule("billing.see", post="billing.manage"),
    "books:receipt": READ,
    "books:run": READ,
    "books:run_cap": Rule("billing.manage", row=("books.list_private",)),
    "books:outline": ORDER,
    "books:run_pause": ORDER,
    "books:run_resume": ORDER,
    "books:run_cancel": ORDER,
    "books:run_retry": ORDER,
    "tenant:members": SEE,
    "tenant:permissions": SEE,
    "tenant:invitations": SEE,
    "tenant:member": SEE,  # what is changed there the action weighs
    "tenant:invite": MANAGE,
    "tenant:invitation_resend": MANAGE,
    "tenant:invitation_revoke": MANAGE,
    "tenant:member_suspend": MANAGE,
    "tenant:member_restore": MANAGE,
    "tenant:member_remove": MANAGE,
    "tenant:hand_over": Rule("members.hand_over"),
    "tenant:leave": MEMBER,
    "tenant:activity": Rule("audit.read"),
    "tenant:activity_table": Rule("audit.read"),
    "tenant:usage": Rule("billing.see_usage"),
    "tenant:settings": SETTINGS,
    "tenant:looks": SETTINGS,
    "tenant:logo_change": SETTINGS,
    "tenant:close": Rule("settings.close"),
    "tenant:ordinary": Rule("settings.close"),
    "tenant:closed": Rule(post="settings.close"),
    "tenant:brand": MEMBER,
    "tenant:logo": MEMBER,
    "run_events": READ,
    "book_events": READ,
    "bundle_events": OWN,
}


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

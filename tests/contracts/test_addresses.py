"""Who gets what at every address: outsiders 404 below every organization, visitors the sign-in page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from books.models import ExportState, RunState
from organizations.models import Organization
from organizations.queries.branding import logo_digest, sheet_of
from tests import builders
from tests.builders import money

Addresses = dict[str, str]
ClientOf = Callable[[User], Client]

# Every tenant address by name, and what its path names beside the organization.
CASES: dict[str, tuple[str, ...]] = {
    "books:home": (),
    "books:book_list": (),
    "books:book_new": (),
    "books:book_act": (),
    "books:book_copy": ("book",),
    "books:book_edit": ("book",),
    "books:private_titles": (),
    "books:trash": (),
    "books:erase": ("trashed",),
    "books:book": ("book",),
    "books:book_write": ("book",),
    "books:read": ("book",),
    "books:chapter": ("book", "chapter"),
    "books:chapters": ("book",),
    "books:chapter_add": ("book",),
    "books:chapter_move": ("book",),
    "books:cut_undo": ("book",),
    "books:chapters_trash": ("book",),
    "books:chapter_edit": ("book", "chapter"),
    "books:chapter_split": ("book", "chapter"),
    "books:chapter_merge": ("book", "chapter"),
    "books:chapter_trash": ("book", "chapter"),
    "books:chapter_return": ("book", "trashed_chapter"),
    "books:chapter_erase": ("book", "trashed_chapter"),
    "books:replace": ("book",),
    "books:origins": ("book",),
    "books:origin": ("book", "chapter"),
    "books:origin_review": ("book", "chapter"),
    "books:replace_undo": ("book", "chapter"),
    "books:assistant": ("book", "chapter"),
    "books:versions": ("book", "chapter"),
    "books:version": ("book", "chapter", "version"),
    "books:version_restore": ("book", "chapter", "version"),
    "books:versions_compare": ("book", "chapter"),
    "books:paragraph_restore": ("book", "chapter", "version"),
    "books:history": ("book",),
    "books:revision_keep": ("book",),
    "books:compare": ("book",),
    "books:revision": ("book", "revision"),
    "books:revision_restore": ("book", "revision"),
    "books:revision_chapter": ("book", "revision", "chapter"),
    "books:revision_chapter_restore": ("book", "revision", "chapter"),
    "books:rewrite": ("rewrite",),
    "books:rewrite_take": ("rewrite",),
    "books:rewrite_discard": ("rewrite",),
    "books:rewrite_again": ("rewrite",),
    "books:review": ("review",),
    "books:comment_list": ("book",),
    "books:comment": ("book", "comment"),
    "books:comment_edit": ("book", "comment"),
    "books:comment_delete": ("book", "comment"),
    "books:comment_resolve": ("book", "comment"),
    "books:chapter_comments": ("book", "chapter"),
    "books:marks": ("book", "chapter"),
    "books:suggestion_list": ("book",),
    "books:suggestion_decide": ("book",),
    "books:suggestion_undo": ("book",),
    "books:chapter_suggestions": ("book", "chapter"),
    "books:suggestion_text": ("book", "chapter"),
    "books:studio": ("book", "chapter"),
    "books:preview": ("book", "chapter"),
    "books:save": ("book", "chapter"),
    "books:text": ("book", "chapter"),
    "books:people": ("book",),
    "books:here": ("book",),
    "books:sources": ("book",),
    "books:pictures": ("book",),
    "books:picture": ("book", "picture"),
    "books:picture_remove": ("book", "picture"),
    "books:picture_small": ("book", "picture"),
    "books:picture_large": ("book", "picture"),
    "books:source_remove": ("source",),
    "books:export_request": ("book", "format"),
    "books:download": ("export",),
    "books:downloads": ("book",),
    "books:downloads_table": ("book",),
    "books:place": ("book",),
    "books:bundles": (),
    "books:bundle_new": (),
    "books:bundle": ("bundle",),
    "books:bundle_download": ("bundle",),
    "books:chats": ("book",),
    "books:chat_title": ("book",),
    "books:chat": ("book", "chat"),
    "books:chat_rename": ("book", "chat"),
    "books:chat_delete": ("book", "chat"),
    "books:chat_stop": ("book", "chat", "turn"),
    "books:chat_retry": ("book", "chat", "turn"),
    "books:chat_resume": ("book", "chat", "turn"),
    "books:collaborators": ("book",),
    "books:collaborator_new": ("book",),
    "books:collaborator": ("book", "collaborator"),
    "books:collaborator_resend": ("book", "collaborator"),
    "books:collaborator_end": ("book", "collaborator"),
    "books:collaborator_leave": ("book",),
    "books:shares": ("book",),
    "books:share_visibility": ("book",),
    "books:share_revoke": ("book", "link"),
    "books:visits": ("book",),
    "books:publishing": ("book",),
    "books:take_back": ("book",),
    "books:spending": (),
    "books:receipt": ("book",),
    "books:run": ("run",),
    "books:run_cap": ("run",),
    "books:outline": ("run",),
    "books:run_pause": ("run",),
    "books:run_resume": ("run",),
    "books:run_cancel": ("run",),
    "books:run_retry": ("run",),
    "tenant:activity": (),
    "tenant:activity_table": (),
    "tenant:usage": (),
    "tenant:members": (),
    "tenant:permissions": (),
    "tenant:leave": (),
    "tenant:invite": (),
    "tenant:invitations": (),
    "tenant:invitation_resend": ("invitation",),
    "tenant:invitation_revoke": ("invitation",),
    "tenant:member": ("place",),
    "tenant:member_suspend": ("place",),
    "tenant:member_restore": ("place",),
    "tenant:member_remove": ("place",),
    "tenant:hand_over": ("place",),
    "tenant:settings": (),
    "tenant:looks": (),
    "tenant:logo_change": (),
    "tenant:close": (),
    "tenant:ordinary": (),
    "tenant:closed": (),
    "tenant:brand": ("brand",),
    "tenant:logo": ("logo",),
    "billing:home": (),
    "billing:plans": (),
    "billing:change": ("plan_price",),
    "billing:cancel": (),
    "billing:resume": (),
    "billing:checkout": ("pack_price",),
    "billing:purchase": ("purchase",),
    "billing:errand": ("errand",),
    "billing:credits": (),
    "billing:credits_table": (),
    "billing:payments": (),
    "billing:cards": (),
    "billing:card_add": (),
    "billing:card_default": ("card",),
    "billing:card_remove": ("card",),
    "billing:portal": (),
    "billing:usage": (),
    "run_events": ("run",),
    "book_events": ("book",),
    "bundle_events": ("bundle",),
}
# Asynchronous: they close the connection, which a test's transaction does not survive.
STREAMS = {"run_events", "book_events", "bundle_events"}
PAGES = sorted(CASES.keys() - STREAMS)
# Their path names a price, and prices are everybody's.
OF_CATALOGUE = {"billing:change", "billing:checkout"}
# Open to everybody, each for a reason.
PUBLIC = {
    "front": "the front page",
    "pricing": "the price table",
    "help": "how it works",
    "robots": "search engines ask",
    "signed_file": "the signature is the right; it ends after five minutes",
    "set_language": "the switch on every page",
    "legal": "the texts people agree to",
    "legal_version": "the same, as they were before",
    "beta_invite": "the code is the right; it fills the sign-up page in",
    "accounts:theme": "the switch on every page",
    "organizations:invitation": "the link that was mailed is the right; it ends after seven days",
    "book_join": "the link that was mailed is the right; it ends after seven days",
    "shared": "whoever has the link reads the book, until it expires or is revoked",
    "shared_chapter": "the same, and past the link's password",
    "public_book": "its author published it for everyone",
    "public_chapter": "the same",
    "public_card": "the same, as networks show it",
    "public_picture": "the same, a picture in its text",
    "shared_picture": "a picture in a shared book, past the link's password",
    "accounts:unsubscribe": "the signed link that was mailed is the right, to end one kind of mails",
    "data_request": "people without an account ask about their data",
    "data_confirm": "the link that was mailed is the right; it ends after a day",
    "data": "the link that was mailed is the right; it ends after seven days, and of an account asks to sign in",
    "reopen": "the link that was mailed is the right; it ends after fourteen days",
    "reopen_as": "the signed link that was mailed is the right; it ends after a day",
    "stripe_webhook": "Stripe delivers its events there; the signature on their bytes is the right",
    "livez": "the supervisor asks",
    "readyz": "the supervisor asks",
    "metrics": "METRICS_ALLOWED alone; to others it is not there",
    "mail_sink": "development and tests only",
}
NOTHING = frozenset({404})
PERSONAL = {"accounts:contact", "accounts:preferences", "accounts:picture", "accounts:picture_remove",
            "accounts:privacy", "accounts:export_request", "accounts:closing", "organizations:own_invitations",
            "accounts:activity", "organizations:mine", "organizations:new", "accounts:profile", "organizations:landing",
            "accounts:security", "accounts:sessions", "accounts:sessions_end", "accounts:google_unlink",
            "accounts:prove", "accounts:email_confirm", "accounts:email_cancel", "accounts:acting_stop",
            "accounts:consent"}  # fmt: skip
# A person's own, of something the path names: who gets what is tested in these files.
NAMED = {
    "accounts:export_download": "tests/accounts/test_export_person.py",
    "organizations:face": "tests/accounts/test_show_avatar.py",
    "organizations:own_invitation": "tests/organizations/test_accept_invitation.py",
    "book_join_held": "tests/books/test_collaborate.py",
    "accounts:session_end": "tests/accounts/test_end_sessions.py",
}
# Django's and allauth's own doors, each behind their own guard.
THEIRS = ("admin:", "account_", "mfa_", "openid_connect_", "socialaccount_", "accounts/social/", "usersessions_")


def names(patterns: list[Any], prefix: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """(name with namespaces, route) of every address."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or here}", here


def without_case(urlconf: str | None = None) -> set[str]:
    """Addresses that no list above knows, and cases whose address is gone."""
    found = {name: route for name, route in names(get_resolver(urlconf).url_patterns) if not name.startswith(THEIRS)}
    tenant = {name for name, route in found.items() if "<slug:slug>" in route}
    return (tenant ^ CASES.keys()) | ((found.keys() - tenant) ^ (PUBLIC.keys() | PERSONAL | NAMED.keys()))


@pytest.fixture
def addresses(organization: Organization, owner: User) -> Addresses:
    """Every tenant address of `organization`, with ids of what really is there."""
    book = builders.make_book(organization, owner)
    run = builders.make_run(book, state=RunState.AWAITING_APPROVAL)
    builders.make_step(run)
    builders.make_outline_entry(run)
    ready = {"state": ExportState.READY, "file": "x.epub", "file_name": "x.epub", "sha256": "0" * 64}
    chat = builders.make_chat(book, owner)
    chapter = builders.make_chapter(book)
    organization.accent, organization.logo = "#00497a", default_storage.save("logos/x.webp", ContentFile(b"x"))
    organization.save()
    parts = {
        "brand": sheet_of(organization).digest,  # type: ignore[union-attr]  # it has a colour
        "logo": logo_digest(organization),
        "chat": chat.pk,
        "turn": builders.make_turn(chat).pk,
        "book": book.pk,
        "trashed": builders.make_book(organization, owner, trashed_at=timezone.now()).pk,
        "chapter": chapter.pk,
        "trashed_chapter": builders.make_chapter(book, position=2, trashed_at=timezone.now()).pk,
        "comment": builders.make_comment(chapter, owner).pk,
        "run": run.pk,
        "source": builders.make_source(book).pk,
        "picture": builders.make_picture(book).pk,
        "export": builders.make_export(book, **ready, finished_at=timezone.now()).pk,
        "format": "epub",
        "bundle": builders.make_bundle(organization, owner, **ready, finished_at=timezone.now()).pk,
        "version": builders.make_version(chapter).number,
        "revision": builders.make_revision(book).pk,
        "rewrite": builders.make_rewrite(chapter).pk,
        "collaborator": builders.make_collaborator(book, None).pk,
        "link": builders.make_link(book, "link").pk,
        "review": builders.make_review(chapter).pk,
        "place": builders.make_member(organization, "guest").memberships.get().pk,
        "invitation": builders.make_invitation(organization, owner, role="guest").pk,
        **bought(organization, owner),
    }
    return {
        name: reverse(name, args=[organization.slug, *[parts[one] for one in case]]) for name, case in CASES.items()
    }


def bought(organization: Organization, owner: User) -> dict[str, Any]:
    """A plan, and what stands beside it."""
    plan, pack = money.price_of("PRO"), money.price_of("credits-50", "once")
    subscription = money.make_subscription(organization, money.price_of("STARTER"))
    return {
        "plan_price": plan.pk,
        "pack_price": pack.pk,
        "purchase": money.make_purchase(organization, owner, pack).pk,
        "card": money.make_card(organization, is_default=False).pk,
        "errand": money.make_preview(organization, owner, subscription, plan).pk,
    }


def statuses(client: Client, url: str) -> set[int]:
    """What the address answers to GET and to POST, apart from 405."""
    return {client.get(url).status_code, client.post(url).status_code} - {405}


def test_every_address_has_a_case() -> None:
    assert without_case() == set()


def test_an_address_without_a_case_is_caught() -> None:
    assert without_case("tests.contracts.planted_urls") == {"planted"}


def answers(client: Client, addresses: Addresses, *, ids: bool = False) -> dict[str, set[int]]:
    """What every page answers, by name; with `ids`, only those whose path names something."""
    return {name: statuses(client, addresses[name]) for name in PAGES if CASES[name] or not ids}


def test_an_outsider_finds_nothing(addresses: Addresses, outsider: User, client_of: ClientOf) -> None:
    assert answers(client_of(outsider), addresses) == dict.fromkeys(PAGES, NOTHING)


@pytest.mark.parametrize("name", PAGES)
def test_the_owner_finds_it(name: str, addresses: Addresses, owner: User, client_of: ClientOf) -> None:
    # The proof that the test above asked for something that is there.
    assert not statuses(client_of(owner), addresses[name]) & {404, 403, 500}


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_a_private_book_is_not_there_for_others_of_the_organization(
    role: str, addresses: Addresses, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    told = answers(client_of(request.getfixturevalue(role)), addresses, ids=True)
    # Where the permission is asked for before the book is looked for, they are told that.
    found = {name: got - {403} for name, got in told.items() if name.startswith("books:")}
    assert [name for name, got in found.items() if got - NOTHING] == []


def test_ids_of_one_organization_mean_nothing_in_another(
    addresses: Addresses, outsider: User, client_of: ClientOf
) -> None:
    own = f"/o/{outsider.memberships.get().organization.slug}/"
    moved = {name: url.replace("/o/atelier/", own) for name, url in addresses.items()}
    found = answers(client_of(outsider), moved, ids=True)
    assert found == dict.fromkeys(found, NOTHING) | {name: found[name] for name in OF_CATALOGUE}


@pytest.mark.parametrize("identifier", ["1", "not-an-id", "00000000-0000-0000-0000-00000000000g", "..%2f..%2fetc", "é"])
def test_malformed_ids_are_not_found(identifier: str, addresses: Addresses, owner: User, client_of: ClientOf) -> None:
    malformed = {name: url.split("/") for name, url in addresses.items()}
    urls = {name: "/".join([*parts[:4], identifier, *parts[5:]]) for name, parts in malformed.items()}
    found = answers(client_of(owner), urls, ids=True)
    assert found == dict.fromkeys(found, NOTHING)


def test_a_visitor_is_led_to_the_sign_in_page(addresses: Addresses, client: Client) -> None:
    door = reverse("account_login")
    led = {
        name: {client.get(addresses[name]).headers.get("Location", "").split("?")[0],
               client.post(addresses[name]).headers.get("Location", "").split("?")[0]}
        for name in PAGES
    }  # fmt: skip
    assert led == dict.fromkeys(PAGES, frozenset({door}))


@pytest.mark.parametrize("name", sorted(PERSONAL))
@pytest.mark.django_db
def test_a_persons_own_pages_need_a_person(name: str, client: Client) -> None:
    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(STREAMS))
@pytest.mark.django_db(transaction=True)
def test_streams_are_the_members_alone(
    name: str, addresses: Addresses, owner: User, outsider: User, client: Client, client_of: ClientOf
) -> None:
    assert client_of(outsider).get(addresses[name]).status_code == 404
    assert client.get(addresses[name]).status_code == 404
    stream = client_of(owner).get(addresses[name])
    assert (stream.status_code, stream.headers["Content-Type"]) == (200, "text/event-stream")
    stream.close()


def test_a_page_without_its_gate_is_caught(
    organization: Organization, outsider: User, settings: Any, client_of: ClientOf
) -> None:
    settings.ROOT_URLCONF = "tests.contracts.planted_urls"
    assert statuses(client_of(outsider), f"/o/{organization.slug}/planted/") == {200}

"""Every page's query count is recorded in query_counts.json and may only fall; a rise needs a reason beside it."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import actions as audit
from books.models import Book, Decision, ExportState, RunState
from core import tenancy
from organizations.models import Membership, Organization
from tests import builders
from tests.builders import money
from tests.contracts.source import ROOT

FILE = "tests/contracts/query_counts.json"
Record = dict[str, dict[str, Any]]

PUBLIC = ["front", "pricing", "help", "account_login", "account_signup", "account_reset_password"]
PUBLIC += ["data_request"]
PAGES = ["accounts:profile", "books:home", "books:book_list", "books:book_new", "books:book", "books:chapter"]
PAGES += ["books:sources", "books:assistant", "books:rewrite", "books:review", "books:versions", "books:version"]
PAGES += ["books:chapters", "books:chapters_trash", "books:chapter_edit", "books:chapter_split", "books:chapter_merge"]
PAGES += ["books:chapter_erase", "books:replace", "books:origins", "books:origin"]
PAGES += ["books:history", "books:compare", "books:revision", "books:revision_chapter", "books:revision_restore"]
PAGES += ["books:versions_compare"]
PAGES += ["books:comment_list", "books:comment", "books:comment_edit", "books:comment_delete"]
PAGES += ["books:chapter_comments", "books:marks"]
PAGES += ["books:suggestion_list", "books:chapter_suggestions", "books:suggestion_text"]
PAGES += ["books:run", "books:outline", "books:downloads", "books:bundles", "books:bundle_new", "books:bundle"]
PAGES += ["books:chats", "books:chat"]
PAGES += ["books:people", "books:text"]
PAGES += ["books:spending", "books:receipt"]
PAGES += ["books:pictures", "books:picture", "books:picture_remove"]
PAGES += ["books:private_titles", "books:trash", "books:erase", "books:book_edit", "books:book_copy"]
PAGES += ["books:collaborators", "books:shares", "books:visits", "books:publishing"]
PAGES += ["billing:home", "billing:plans", "billing:change", "billing:cancel", "billing:checkout", "billing:purchase"]
PAGES += ["billing:errand", "billing:credits", "billing:payments", "billing:cards", "billing:card_remove"]
PAGES += ["tenant:activity", "tenant:usage", "accounts:activity"]
PAGES += ["accounts:security", "accounts:sessions"]
PAGES += ["accounts:contact", "accounts:preferences", "accounts:privacy", "accounts:picture_remove"]
PAGES += ["tenant:members", "tenant:member", "tenant:permissions", "tenant:leave", "tenant:invite"]
PAGES += ["tenant:invitations", "organizations:own_invitations"]
PAGES += ["tenant:settings", "tenant:looks", "tenant:close", "organizations:mine", "organizations:new"]


def violations(measured: dict[str, int], recorded: Record, before: Record) -> list[str]:
    """Pages that need more than recorded, that need less (lower the record), or whose record rose without a reason."""
    found = [f"{page}: {count} queries, not recorded" for page, count in measured.items() if page not in recorded]
    found += [f"{page}: recorded, but not measured" for page in recorded if page not in measured]
    for page in measured.keys() & recorded.keys():
        count, record = measured[page], recorded[page]["queries"]
        if count > record:
            found.append(f"{page}: {count} queries, {record} recorded: make it fewer, or record it with a reason")
        if count < record:
            found.append(f"{page}: {count} queries, {record} recorded: record the lower number")
        if page in before and record > before[page]["queries"] and not recorded[page].get("reason"):
            found.append(f"{page}: the record rose from {before[page]['queries']} to {record} without a reason")
    return sorted(found)


def written() -> Record:
    """The record as it is in the working tree."""
    record: Record = json.loads((ROOT / FILE).read_text())
    return record


def committed() -> Record:
    """The record as it was committed; empty before the first time."""
    said = subprocess.run(["git", "show", f"HEAD:{FILE}"], cwd=ROOT, capture_output=True, text=True, check=False)
    record: Record = json.loads(said.stdout) if said.returncode == 0 else {}
    return record


def furnish(organization: Organization, author: User, books: int) -> dict[str, str]:
    """Fill the organization, and the addresses of its first book's pages."""
    for number in range(books):
        book = builders.make_book(organization, author, title=f"Book {number}")
        for position in range(1, books + 2):
            builders.make_chapter(book, position=position)
        with tenancy.declared(organization.pk), transaction.atomic():
            audit.record("book.created", actor=author, target=book)
        run = builders.make_run(book, state=RunState.AWAITING_APPROVAL)
        step = builders.make_step(run)
        for _number in range(books):
            builders.make_call(step)
        for position in range(1, books + 2):
            builders.make_outline_entry(run, position=position)
        ready = {"state": ExportState.READY, "file": "x.epub", "file_name": "x.epub", "sha256": "0" * 64}
        for hash_of in range(books):
            export = builders.make_export(book, **ready, content_hash=str(hash_of) * 64)
            builders.make_download(export, author)
            bundle = builders.make_bundle(organization, author, export)
    for _each in range(books):
        chat = builders.make_chat(book, author)
        for position in range(1, books + 2):
            builders.make_turn(chat, position=position)
    for _each in range(books):
        trashed = builders.make_book(organization, author, trashed_at=timezone.now())
    chapter = builders.make_chapter(book, position=40)
    rewritten = builders.make_chapter(book, position=41)
    thrown = [builders.make_chapter(book, position=1, trashed_at=timezone.now()) for _each in range(books)]
    for number in range(1, books + 1):
        builders.make_version(rewritten, number=number)
        builders.make_source(book, text=f"Source {number}.")
        picture = builders.make_picture(book)
        builders.make_chapter(book, position=100 + number, markdown=f"![](picture:{picture.pk})")
        builders.make_rewrite(rewritten, decision=Decision.DISCARDED)
        said = builders.make_comment(rewritten, author, quote="A roof")
        builders.make_comment(rewritten, author, thread=said)
        builders.make_suggestion(rewritten, "mows", f"mows {number}")
        place = builders.make_member(organization, "member").memberships.get()
        builders.make_invitation(organization, author)
        builders.make_collaborator(book, None, email=f"invited-{number}@example.org")
        builders.make_link(book, f"link-{number}-{book.pk}")
    bought = furnish_billing(organization, author, books)
    proposal = builders.make_rewrite(rewritten)
    kept = [builders.make_revision(book, message=str(number)) for number in range(books)]
    review = builders.make_review(rewritten)
    ids: dict[str, list[Any]] = {
        "books:pictures": [book.pk], "books:picture": [book.pk, picture.pk],
        "books:picture_remove": [book.pk, picture.pk],
        "books:book": [book.pk], "books:chapter": [book.pk, chapter.pk],
        "books:chapters": [book.pk], "books:chapters_trash": [book.pk], "books:replace": [book.pk],
        "books:origins": [book.pk], "books:origin": [book.pk, chapter.pk], "books:chapter_edit": [book.pk, chapter.pk],
        "books:chapter_split": [book.pk, chapter.pk], "books:chapter_merge": [book.pk, chapter.pk],
        "books:chapter_erase": [book.pk, thrown[0].pk],
        "books:people": [book.pk], "books:text": [book.pk, chapter.pk],
        "books:run": [run.pk], "books:outline": [run.pk], "books:downloads": [book.pk], "books:bundle": [bundle.pk],
        "books:chats": [book.pk], "books:chat": [book.pk, chat.pk],
        "books:erase": [trashed.pk], "books:book_edit": [book.pk], "books:book_copy": [book.pk],
        "books:sources": [book.pk], "books:assistant": [book.pk, rewritten.pk],
        "books:review": [review.pk], "books:rewrite": [proposal.pk],
        "books:versions": [book.pk, rewritten.pk], "books:version": [book.pk, rewritten.pk, 1],
        "books:comment_list": [book.pk], "books:suggestion_list": [book.pk], "books:comment": [book.pk, said.pk],
        "books:comment_edit": [book.pk, said.pk], "books:comment_delete": [book.pk, said.pk],
        "books:chapter_comments": [book.pk, rewritten.pk], "books:chapter_suggestions": [book.pk, rewritten.pk],
        "books:suggestion_text": [book.pk, rewritten.pk], "books:marks": [book.pk, rewritten.pk],
        "books:history": [book.pk], "books:compare": [book.pk], "books:revision": [book.pk, kept[0].pk],
        "books:versions_compare": [book.pk, rewritten.pk],
        "books:revision_chapter": [book.pk, kept[0].pk, rewritten.pk],
        "books:revision_restore": [book.pk, kept[0].pk],
        **{f"books:{name}": [book.pk] for name in ("collaborators", "shares", "visits", "publishing")},
        "books:receipt": [book.pk], "tenant:member": [place.pk], **bought,
    }  # fmt: skip
    roots = {"books": [organization.slug], "tenant": [organization.slug], "billing": [organization.slug]}
    return {page: reverse(page, args=[*roots.get(page.partition(":")[0], []), *ids.get(page, [])]) for page in PAGES}


def furnish_billing(organization: Organization, author: User, number: int) -> dict[str, list[Any]]:
    """A plan, and so many of everything beside it; what the pages' addresses name."""
    plan, pack = money.price_of("PRO"), money.price_of("credits-50", "once")
    held = money.make_subscription(organization, money.price_of("STARTER"))
    for _each in range(number):
        builders.give_credits(organization, 10)
        purchase = money.make_purchase(organization, author, pack, state="review", paid_at=None)
        money.make_payment(organization, subscription=held)
        money.make_payment(organization, purchase=purchase)
        card = money.make_card(organization, is_default=False)
    return {
        "billing:change": [plan.pk],
        "billing:checkout": [pack.pk],
        "billing:purchase": [purchase.pk],
        "billing:errand": [money.make_preview(organization, author, held, plan).pk],
        "billing:card_remove": [card.pk],
    }


def count(client: Client, url: str) -> int:
    """Queries of the page's second visit: the first one fills caches and the session."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return len(queries)


def test_query_counts_only_fall(
    organization: Organization, owner: User, client: Client, client_of: Callable[[User], Client]
) -> None:
    mine = client_of(owner)
    measured = {page: count(mine, url) for page, url in furnish(organization, owner, 2).items()}
    measured |= {page: count(client, reverse(page)) for page in PUBLIC}
    assert violations(measured, written(), committed()) == []


def test_no_page_needs_more_queries_for_more_rows(
    organization: Organization, owner: User, client_of: Callable[[User], Client]
) -> None:
    few = builders.make_organization()
    Membership.objects.create(organization=few, person=owner, role="owner")
    mine = client_of(owner)
    small = {page: count(mine, url) for page, url in furnish(few, owner, 1).items()}
    large = {page: count(mine, url) for page, url in furnish(organization, owner, 5).items()}
    assert large == small


def test_rises_and_forgotten_pages_are_caught() -> None:
    recorded: Record = {"a": {"queries": 5}}
    assert violations({"a": 5}, recorded, recorded) == []
    assert violations({"a": 6}, recorded, recorded)
    assert violations({"a": 4}, recorded, recorded)
    assert violations({"a": 5, "b": 1}, recorded, recorded)
    assert violations({}, recorded, recorded)
    assert violations({"a": 6}, {"a": {"queries": 6}}, recorded)
    assert violations({"a": 6}, {"a": {"queries": 6, "reason": "shows the price"}}, recorded) == []


@pytest.mark.django_db
def test_a_query_in_a_loop_is_caught() -> None:
    organization = builders.make_organization()
    author = builders.make_member(organization, "owner")
    counts = []
    for _again in range(2):
        builders.make_chapter(builders.make_book(organization, author))
        with tenancy.declared(organization.pk), CaptureQueriesContext(connection) as queries:
            assert all(book.chapters.exists() for book in Book.objects.of(organization))
        counts.append(len(queries))
    assert counts[1] > counts[0]

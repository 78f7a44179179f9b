"""Suggestions accepted, rejected, ignored and undone, one or many at once."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from books.actions import decisions
from books.actions import suggestions as making
from books.models import (
    Book,
    Chapter,
    ChapterVersion,
    Revision,
    Suggestion,
    SuggestionKind,
    SuggestionState,
    VersionOrigin,
    Visibility,
)
from books.models.provenance import Hand, Source, labels_from
from books.queries import suggestions as queries
from books.queries.versions import labels_of
from books.transitions import texts
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
TEXT = "The bees knows the roof.\n\nNobody mow it, and nobody mow the street."
WORDS = st.sampled_from(["a", "bee", "roof", "the", "élan", "𝒳", ".", ",", " ", "  ", "\n\n", "* ", "#", "—"])
ANY_TEXT = st.one_of(
    st.lists(WORDS, max_size=40).map("".join),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
)


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A chapter with three faults."""
    return builders.make_chapter(builders.make_book(organization, editor), markdown=TEXT)


def decide(client: Client, book: Book, act: str, **fields: object) -> int:
    answer = client.post(desk.address("suggestion_decide", "atelier", book.pk), {"act": act, **fields})
    return int(answer.status_code)


def states(book: Book) -> list[str]:
    return [row.state for row in desk.rows(Suggestion, book.organization, book=book)]


def undo_address(client: Client, page: str) -> str:
    """Where the Undo button of the last notice leads."""
    found = re.search(r'action="([^"]*suggestions/undo/[^"]*)"', client.get(page).content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def test_accepting_puts_the_proposal_in_and_keeps_the_text_before(
    chapter: Chapter, editor: User, client_of: Sign
) -> None:
    one = builders.make_suggestion(chapter, "knows", "know")
    assert decide(client_of(editor), chapter.book, "accept", suggestion=one.pk) == 302
    now, one = desk.again(chapter), desk.again(one)
    assert now.markdown == TEXT.replace("knows", "know")
    assert (one.state, one.decided_by_id, now.markdown[one.start : one.end]) == ("applied", editor.pk, "know")
    versions = desk.rows(ChapterVersion, chapter.organization, chapter=chapter)
    assert [one.origin for one in sorted(versions, key=lambda row: row.number)] == ["written", "corrected"]
    assert not desk.rows(Revision, chapter.organization, book=chapter.book)
    assert "suggestion.applied" in desk.trail(chapter.book)


def test_a_double_click_decides_once(chapter: Chapter, editor: User, client_of: Sign) -> None:
    one = builders.make_suggestion(chapter, "knows", "know")
    client = client_of(editor)
    for _twice in range(2):
        assert decide(client, chapter.book, "accept", suggestion=one.pk) == 302
    assert desk.again(chapter).version == 2
    assert desk.trail(chapter.book).count("suggestion.applied") == 1


def test_rejected_and_ignored_ones_leave_the_text_alone(chapter: Chapter, editor: User, client_of: Sign) -> None:
    client = client_of(editor)
    for act in ("reject", "ignore"):
        one = builders.make_suggestion(chapter, "knows", f"know ({act})")
        assert decide(client, chapter.book, act, suggestion=one.pk) == 302
    assert states(chapter.book) == ["rejected", "ignored"]
    assert desk.again(chapter).markdown == TEXT


def test_one_whose_passage_has_changed_is_refused_and_can_be_rejected(
    chapter: Chapter, editor: User, client_of: Sign
) -> None:
    one = builders.make_suggestion(chapter, "knows", "know")
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        locked = texts.lock(chapter)
        texts.replace(locked, TEXT.replace("knows", "knew"), hand=hand(editor), origin=VersionOrigin.EDITED, by=editor)
    client = client_of(editor)
    answer = client.post(
        desk.address("suggestion_decide", "atelier", chapter.book_id), {"act": "accept", "suggestion": one.pk}
    )
    assert answer.status_code == 409
    assert answer.context["now"] == desk.address("suggestion_list", "atelier", chapter.book_id)
    page = client.get(desk.address("chapter_suggestions", "atelier", chapter.book_id, chapter.pk)).context["page"]
    assert [line.is_outdated for line in page.lines] == [True]
    assert decide(client, chapter.book, "reject", suggestion=one.pk) == 302
    assert "knew" in desk.again(chapter).markdown


def hand(person: User) -> Hand:
    return Hand.of_person(person.pk)


def test_of_two_that_overlap_the_first_is_accepted_and_the_other_left(chapter: Chapter, editor: User) -> None:
    builders.make_suggestion(chapter, "bees knows", "bees know")
    builders.make_suggestion(chapter, "knows the", "know each")
    builders.make_suggestion(chapter, "street", "road")
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        decided = decisions.accept_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
    assert (decided.done, decided.left) == (2, 1)
    assert desk.again(chapter).markdown == TEXT.replace("knows", "know").replace("street", "road")
    assert states(chapter.book) == ["applied", "pending", "applied"]
    assert [one.kind for one in desk.rows(Revision, chapter.organization)] == ["before"]


def everything(book: Book) -> QuerySet[Suggestion]:
    return queries.selection(book, queries.Wanted())


def test_a_kind_is_accepted_alone_and_undone(chapter: Chapter, editor: User, client_of: Sign) -> None:
    builders.make_suggestion(chapter, "knows", "know", kind=SuggestionKind.GRAMMAR)
    builders.make_suggestion(chapter, "street", "road")
    client = client_of(editor)
    assert decide(client, chapter.book, "accept", kind="grammar") == 302
    page = desk.address("suggestion_list", "atelier", chapter.book_id)
    undo = undo_address(client, page)
    assert states(chapter.book) == ["applied", "pending"]
    for _twice in range(2):
        assert client.post(undo).status_code == 302
    assert (desk.again(chapter).markdown, states(chapter.book)) == (TEXT, ["pending", "pending"])
    assert decide(client, chapter.book, "accept", kind="grammar") == 302
    assert "know the" in desk.again(chapter).markdown


def test_undo_after_other_edits_takes_back_what_still_stands(chapter: Chapter, editor: User) -> None:
    builders.make_suggestion(chapter, "knows", "know")
    builders.make_suggestion(chapter, "street", "road")
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        decided = decisions.accept_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
        locked = texts.lock(chapter)
        typed = "First. " + locked.markdown.replace("road", "alley")
        texts.replace(locked, typed, hand=hand(editor), origin=VersionOrigin.EDITED, by=editor)
        undone = decisions.undo_decision(book=chapter.book, by=editor, decision=decided.decision)
    assert (undone.done, undone.left) == (1, 1)
    assert desk.again(chapter).markdown == "First. " + TEXT.replace("street", "alley")
    assert states(chapter.book) == ["pending", "applied"]


def test_undo_gives_labels_and_overlapping_ones_back(chapter: Chapter, editor: User) -> None:
    first = builders.make_suggestion(chapter, "bees knows the", "bee knows a")
    second = builders.make_suggestion(chapter, "knows the roof", "know the roof")
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        before = labels_of(chapter)
        decided = decisions.accept_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
        decisions.undo_decision(book=chapter.book, by=editor, decision=decided.decision)
    now = desk.again(chapter)
    assert (now.markdown, labels_from(now.labels)) == (TEXT, before)
    for one in (desk.again(first), desk.again(second)):
        assert now.markdown[one.start : one.end] == one.quote


def test_each_proposal_is_its_makers_edit(chapter: Chapter, editor: User, owner: User) -> None:
    builders.make_suggestion(chapter, "knows", "know")
    builders.make_suggestion(chapter, "street", "road", source="person", source_name="", author=owner)
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        locked = texts.lock(chapter)
        texts.begin(locked, TEXT, hand(editor))
        decisions.accept_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
    first, second = labels_from(desk.again(chapter).labels)
    assert (first.source, first.edited_by, second.edited_by) == (Source.PERSON, ("model:scripted",), (str(owner.pk),))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(base=ANY_TEXT, text=ANY_TEXT)
@example(base="00", text="\x0c")
@example(base="a 00 b", text="a   b")
def test_accept_all_is_what_was_typed_and_undo_or_reject_is_the_original(
    base: str, text: str, organization: Organization, editor: User
) -> None:
    if base == text:
        return
    chapter = builders.make_chapter(builders.make_book(organization, editor), markdown=base)
    with transaction.atomic(), tenancy.declared(organization.pk):
        making.suggest_text(chapter=chapter, by=editor, base=base, text=text, kind=SuggestionKind.STYLE)
        assert Chapter.objects.of(organization).get(pk=chapter.pk).markdown == base
        decided = decisions.accept_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
        assert Chapter.objects.of(organization).get(pk=chapter.pk).markdown == text
        decisions.undo_decision(book=chapter.book, by=editor, decision=decided.decision)
        rejected = decisions.reject_suggestions(book=chapter.book, by=editor, chosen=everything(chapter.book))
        assert Chapter.objects.of(organization).get(pk=chapter.pk).markdown == base
        assert (decided.left, rejected.done) == (0, decided.done)


def test_who_suggests_may_not_decide_but_withdraw_and_undo_that(
    organization: Organization, editor: User, owner: User, client_of: Sign
) -> None:
    book = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    chapter = builders.make_chapter(book, markdown=TEXT)
    reader = builders.make_member(organization, "guest")
    builders.make_collaborator(book, reader, role="commenter")
    client = client_of(reader)
    mine = builders.make_suggestion(chapter, "knows", "know", source="person", author=reader)
    others = builders.make_suggestion(chapter, "street", "road")
    assert decide(client, book, "accept", suggestion=mine.pk) == 403
    assert decide(client, book, "withdraw", suggestion=others.pk) == 302
    assert decide(client, book, "withdraw", suggestion=mine.pk) == 302
    assert states(book) == [SuggestionState.REJECTED, SuggestionState.PENDING]
    assert client.post(undo_address(client, desk.address("suggestion_list", "atelier", book.pk))).status_code == 302
    assert states(book) == [SuggestionState.PENDING, SuggestionState.PENDING]

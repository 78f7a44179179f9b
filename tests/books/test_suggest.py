"""Suggestions made: on one passage, by typing freely, by a model; what quotes nothing that stands is dropped."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.models import Chapter, Suggestion, SuggestionSource, Visibility
from books.transitions import texts
from books.transitions.proposals import Draft
from books.transitions.suggestions import MOST_OPEN, Proposed, propose
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
TEXT = "A roof is a meadow.\n\nThe bees knows it."
JSON = {"Accept": "application/json"}


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A chapter of an internal book."""
    book = builders.make_book(organization, editor, visibility=Visibility.INTERNAL)
    return builders.make_chapter(book, markdown=TEXT)


@pytest.fixture
def reader(chapter: Chapter, organization: Organization) -> User:
    """A guest who may comment on the book, and not change it."""
    person = builders.make_member(organization, "guest")
    builders.make_collaborator(chapter.book, person, role="commenter")
    return person


def panel(chapter: Chapter) -> str:
    return desk.address("chapter_suggestions", "atelier", chapter.book_id, chapter.pk)


def typing(chapter: Chapter) -> str:
    return desk.address("suggestion_text", "atelier", chapter.book_id, chapter.pk)


def suggestions(chapter: Chapter) -> list[Suggestion]:
    return sorted(desk.rows(Suggestion, chapter.organization, chapter=chapter), key=lambda row: row.start)


def test_a_change_of_a_passage_stands_once_and_changes_nothing(chapter: Chapter, reader: User, client_of: Sign) -> None:
    fields = {"quote": "knows", "start": 30, "proposal": "know", "kind": "grammar", "reason": "Many bees."}
    for _twice in range(2):
        assert client_of(reader).post(panel(chapter), fields).status_code == 302
    (one,) = suggestions(chapter)
    assert (one.author_id, one.kind, one.source, one.state) == (reader.pk, "grammar", "person", "pending")
    assert desk.again(chapter).markdown == TEXT


def test_a_full_chapter_takes_no_more_and_says_so(chapter: Chapter, reader: User, client_of: Sign) -> None:
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        rows = {"organization": chapter.organization, "book": chapter.book, "chapter": chapter, "source": "model"}
        Suggestion.objects.bulk_create(
            Suggestion(**rows, kind="style", quote="A roof", start=0, end=6, proposal=f"Roof {number}")
            for number in range(MOST_OPEN)
        )
    fields = {"quote": "knows", "start": 30, "proposal": "know", "kind": "grammar"}
    answer = client_of(reader).post(panel(chapter), fields)
    assert (answer.status_code, "open suggestions at most" in answer.content.decode()) == (422, True)
    page = client_of(reader).post(typing(chapter), {"base": TEXT, "markdown": TEXT.replace("knows", "know")})
    assert (page.status_code, "open suggestions at most" in page.content.decode()) == (422, True)
    assert len(suggestions(chapter)) == MOST_OPEN


def test_without_a_script_a_paragraph_is_chosen(chapter: Chapter, reader: User, client_of: Sign) -> None:
    fields = {"paragraph": "1", "proposal": "The bees know it."}
    assert client_of(reader).post(panel(chapter), fields).status_code == 302
    (one,) = suggestions(chapter)
    assert (one.quote, one.proposal) == ("The bees knows it.", "The bees know it.")


def test_a_passage_that_is_not_there_is_refused(chapter: Chapter, reader: User, client_of: Sign) -> None:
    fields = {"quote": "wasps", "start": 3, "proposal": "bees"}
    assert client_of(reader).post(panel(chapter), fields).status_code == 409
    assert not suggestions(chapter)


def test_what_is_typed_freely_becomes_suggestions(chapter: Chapter, reader: User, client_of: Sign) -> None:
    typed = "A flat roof is a meadow.\n\nThe bees know it."
    answer = client_of(reader).post(typing(chapter), {"base": TEXT, "markdown": typed, "kind": "style"}, headers=JSON)
    assert answer.json()["made"] == 2
    assert [(one.quote, one.proposal) for one in suggestions(chapter)][1][1].startswith("know")
    assert desk.again(chapter).markdown == TEXT
    again = client_of(reader).post(typing(chapter), {"base": TEXT, "markdown": typed, "kind": "style"})
    assert (again.status_code, len(suggestions(chapter))) == (302, 2)  # sent twice is suggested once


def test_changes_move_with_what_others_wrote_meanwhile(
    chapter: Chapter, reader: User, editor: User, client_of: Sign
) -> None:
    desk.write(chapter, "Before all.\n\n" + TEXT, editor)
    fields = {"base": TEXT, "markdown": TEXT.replace("knows", "know")}
    assert client_of(reader).post(typing(chapter), fields).status_code == 302
    (one,) = suggestions(chapter)
    assert desk.again(chapter).markdown[one.start : one.end] == one.quote


def test_what_lost_its_place_is_said_and_the_rest_can_be_sent(
    chapter: Chapter, reader: User, editor: User, client_of: Sign
) -> None:
    desk.write(chapter, TEXT.replace("knows", "knew"), editor)
    fields = {"base": TEXT, "markdown": TEXT.replace("knows", "know").replace("meadow", "garden")}
    client = client_of(reader)
    assert client.post(typing(chapter), fields, headers=JSON).status_code == 409
    page = client.post(typing(chapter), fields)
    assert (page.status_code, "what_fits" in page.content.decode(), suggestions(chapter)) == (409, True, [])
    sent = client.post(typing(chapter), fields | {"what_fits": "on"}, headers=JSON).json()
    assert (sent["made"], sent["dropped"]) == (1, 1)
    assert [one.proposal for one in suggestions(chapter)] == ["garden"]


def test_nothing_typed_is_nothing_to_send(chapter: Chapter, reader: User, client_of: Sign) -> None:
    assert client_of(reader).post(typing(chapter), {"base": TEXT, "markdown": TEXT}).status_code == 422


def test_who_may_only_read_suggests_nothing(chapter: Chapter, organization: Organization, client_of: Sign) -> None:
    viewer = builders.make_member(organization, "guest")
    builders.make_collaborator(chapter.book, viewer, role="viewer")
    for address in (panel(chapter), typing(chapter)):
        assert client_of(viewer).get(address).status_code == 403


def test_a_models_drafts_that_quote_nothing_are_dropped_and_counted(chapter: Chapter) -> None:
    drafts = [Draft("knows", "know"), Draft("wasps", "bees"), Draft("a", "one"), Draft("bees", "bees")]

    def made() -> Proposed:
        with transaction.atomic(), tenancy.declared(chapter.organization_id):
            locked = texts.lock(chapter)
            return propose(chapter=locked, drafts=drafts, source=SuggestionSource.MODEL, source_name="scripted")

    for _twice in range(2):
        proposed = made()
        assert (len(proposed.made), [one.quote for one in proposed.dropped]) == (1, ["wasps", "a", "bees"])
    assert [one.source_name for one in suggestions(chapter)] == ["scripted"]


def test_the_list_finds_by_kind_state_and_words_and_counts(chapter: Chapter, editor: User, client_of: Sign) -> None:
    builders.make_suggestion(chapter, "knows", "know", kind="grammar", reason="Several bees")
    builders.make_suggestion(chapter, "meadow", "garden")
    builders.make_suggestion(chapter, "roof", "street", state="rejected")
    client = client_of(editor)

    def found(**asked: str) -> list[str]:
        page = client.get(desk.address("suggestion_list", "atelier", chapter.book_id), asked).context["page"]
        return [line.row.proposal for line in page.lines]

    assert found() == ["garden", "know"]
    assert found(kind="grammar") == found(q="several BEES") == ["know"]
    assert (found(state="rejected"), found(state="all")) == (["street"], ["street", "garden", "know"])
    page = client.get(desk.address("suggestion_list", "atelier", chapter.book_id)).context["page"]
    assert [(one.kind, one.number) for one in page.tallies] == [("grammar", 1), ("style", 1)]


def test_the_panel_is_in_the_order_of_the_text_and_says_what_is_outdated(
    chapter: Chapter, editor: User, client_of: Sign
) -> None:
    builders.make_suggestion(chapter, "knows", "know")
    builders.make_suggestion(chapter, "roof", "street")
    builders.make_suggestion(chapter, "meadow", "garden", start=0, end=3)
    page = client_of(editor).get(panel(chapter)).context["page"]
    assert [(line.row.proposal, line.is_outdated) for line in page.lines] == [
        ("garden", True), ("street", False), ("know", False),
    ]  # fmt: skip

"""Saving a chapter: numbered, once however often it is sent, and never over what somebody else typed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.forms.saving import LONGEST_CHAPTER
from books.models import Book, Chapter, ChapterVersion, Collaborator, RunState
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.trail import trail

ClientOf = Callable[[User], Client]
JSON = {"accept": "application/json"}
TEXT = "One.\n\nTwo.\n\nThree."


class Desk:
    """A chapter, and people who save it as the editor does, or as a plain form."""

    def __init__(self, book: Book, chapter: Chapter, client_of: ClientOf) -> None:
        self.book, self.chapter, self.client_of = book, chapter, client_of
        self.address = f"/o/{book.organization.slug}/books/{book.pk}/chapters/{chapter.pk}/"

    def save(self, person: User, version: int, markdown: str, *, plain: bool = False, **more: Any) -> Any:
        """The answer to a save."""
        sent = {"version": version, "markdown": markdown, **more}
        return self.client_of(person).post(f"{self.address}save/", sent, headers={} if plain else JSON)

    def text(self, person: User, **asked: Any) -> Any:
        """What the chapter is now."""
        return self.client_of(person).get(f"{self.address}text/", asked)

    @property
    def stored(self) -> tuple[int, str]:
        """Number and text as they stand in the database."""
        with tenancy.declared(self.book.organization_id), transaction.atomic():
            found = Chapter.objects.of(self.book.organization).get(pk=self.chapter.pk)
        return found.version, found.markdown

    def versions(self) -> list[tuple[int, str]]:
        """(number, origin) of what was kept, oldest first."""
        with tenancy.declared(self.book.organization_id), transaction.atomic():
            rows = ChapterVersion.objects.of(self.book.organization).filter(chapter=self.chapter)
            return list(rows.order_by("number").values_list("number", "origin"))


@transaction.atomic
def grant(book: Book, person: User, role: str) -> None:
    """Let the person work on the book in that role."""
    with tenancy.declared(book.organization_id):
        Collaborator.objects.create(
            organization=book.organization, book=book, email=person.email, person=person, role=role,
            state="active", accepted_at=timezone.now(), invited_by=book.author,
        )  # fmt: skip


@pytest.fixture
def desk(organization: Organization, owner: User, editor: User, client_of: ClientOf) -> Desk:
    """A chapter of three paragraphs, on which the editor may work too."""
    book = builders.make_book(organization, owner)
    grant(book, editor, "editor")
    return Desk(book, builders.make_chapter(book, markdown=TEXT, word_count=3), client_of)


def test_a_save_is_stored_under_the_next_number(desk: Desk, owner: User) -> None:
    answer = desk.save(owner, 1, "One!")
    assert (answer.status_code, answer.json()) == (200, {"version": 2, "present": 2})
    assert desk.stored == (2, "One!")


def test_the_same_text_is_not_stored_again(desk: Desk, owner: User) -> None:
    assert desk.save(owner, 1, TEXT).json() == {"version": 1, "present": 1}
    assert desk.versions() == []


def test_a_save_whose_answer_was_lost_is_answered_again(desk: Desk, owner: User) -> None:
    first, again = desk.save(owner, 1, "One!"), desk.save(owner, 1, "One!")
    assert first.json() == again.json()
    assert desk.stored == (2, "One!")


def test_it_is_answered_again_even_after_somebody_else_wrote_on(desk: Desk, owner: User, editor: User) -> None:
    desk.save(owner, 1, "One!")
    desk.save(editor, 2, "One!\n\nFour.")
    assert desk.save(owner, 1, "One!").json() == {"version": 2, "present": 3}
    assert desk.stored == (3, "One!\n\nFour.")


def test_a_stale_save_is_answered_with_both_texts_and_their_merge(desk: Desk, owner: User, editor: User) -> None:
    desk.save(editor, 1, "One.\n\nTwo.\n\nThree!")
    answer = desk.save(owner, 1, "One!\n\nTwo.\n\nThree.", base=TEXT)
    told = answer.json()
    assert (answer.status_code, told["version"], told["conflicts"], told["people"]) == (409, 2, 0, "Edgar Editor")
    assert (told["base"], told["mine"], told["theirs"]) == (TEXT, "One!\n\nTwo.\n\nThree.", "One.\n\nTwo.\n\nThree!")
    assert "".join(part["mine"] for part in told["parts"]).rstrip("\n") + told["tail"] == "One!\n\nTwo.\n\nThree!"
    assert desk.stored == (2, "One.\n\nTwo.\n\nThree!")


def test_the_merge_is_saved_as_one(desk: Desk, owner: User, editor: User) -> None:
    desk.save(editor, 1, "One.\n\nTwo.\n\nThree!")
    assert desk.save(owner, 2, "One!\n\nTwo.\n\nThree!", merged="1").status_code == 200
    assert desk.versions() == [(1, "written"), (2, "edited"), (3, "merged")]


def test_a_paragraph_changed_twice_is_shown_from_both_sides(desk: Desk, owner: User, editor: User) -> None:
    desk.save(editor, 1, "One.\n\nTwo theirs.\n\nThree.")
    told = desk.save(owner, 1, "One.\n\nTwo mine.\n\nThree.").json()
    assert told["conflicts"] == 1
    assert [part for part in told["parts"] if part["mine"] != part["theirs"]] == [
        {"mine": "Two mine.\n\n", "theirs": "Two theirs.\n\n"}
    ]
    assert told["html"].count('type="radio"') == 3
    assert "<mark>mine</mark>" in told["html"]


def test_what_others_went_on_typing_in_one_sitting_is_no_conflict_with_the_base_sent_along(
    desk: Desk, owner: User, editor: User
) -> None:
    desk.save(editor, 1, "One.\n\nTwo a.\n\nThree.")
    desk.save(editor, 2, "One.\n\nTwo a b.\n\nThree.")
    mine, base = "One!\n\nTwo a.\n\nThree.", "One.\n\nTwo a.\n\nThree."
    assert desk.save(owner, 2, mine).json()["conflicts"] == 1  # the text of version 2 is not kept
    assert desk.save(owner, 2, mine, base=base).json()["conflicts"] == 0


def test_a_new_title_is_no_reason_to_merge(desk: Desk, organization: Organization, owner: User) -> None:
    with tenancy.declared(organization.pk), transaction.atomic():
        Chapter.objects.of(organization).update(version=5, title="Another")
    assert desk.save(owner, 1, "One!").json() == {"version": 6, "present": 6}


def test_line_feeds_are_folded_and_what_is_composed_is_sent_back(desk: Desk, owner: User) -> None:
    assert "markdown" not in desk.save(owner, 1, "One.\r\n\r\nTwo.").json()
    answer = desk.save(owner, 2, "Cafe\u0301").json()
    assert answer == {"version": 3, "present": 3, "markdown": "Caf\u00e9"}
    assert desk.stored == (3, "Caf\u00e9")


@pytest.mark.parametrize("markdown", ["a\x00b", "a" * (LONGEST_CHAPTER + 1)])
def test_what_no_book_holds_is_refused(markdown: str, desk: Desk, owner: User) -> None:
    answer = desk.save(owner, 1, markdown)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert desk.stored == (1, TEXT)


def test_a_text_without_a_number_is_refused(desk: Desk, owner: User) -> None:
    assert desk.client_of(owner).post(f"{desk.address}save/", {"markdown": "x"}, headers=JSON).status_code == 422


def test_who_may_read_alone_saves_nothing(desk: Desk, organization: Organization) -> None:
    guest = builders.make_member(organization, "guest")
    grant(desk.book, guest, "viewer")
    assert desk.save(guest, 1, "x").status_code == 403
    assert desk.text(guest).status_code == 200


def test_who_may_not_read_finds_nothing(desk: Desk, outsider: User) -> None:
    assert {desk.save(outsider, 1, "x").status_code, desk.text(outsider).status_code} == {404}


def test_a_chapter_that_is_still_to_be_written_is_left_alone(
    organization: Organization, owner: User, client_of: ClientOf
) -> None:
    book = builders.make_book(organization, owner)
    builders.make_run(book, state=RunState.WRITING)
    desk = Desk(book, builders.make_chapter(book, markdown="", word_count=0), client_of)
    answer = desk.save(owner, 1, "x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "active")


def test_one_sitting_is_one_entry_of_the_trail(desk: Desk, owner: User) -> None:
    for version, text in enumerate(["a", "ab", "abc"], start=1):
        desk.save(owner, version, text)
    assert len(trail("chapter.edited")) == 1


# ── As a plain form ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_form_leads_back_to_the_studio(desk: Desk, owner: User) -> None:
    answer = desk.save(owner, 1, "One!", plain=True)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{desk.address}edit/")


def test_a_stale_form_gets_a_page_with_both_and_a_merge_to_save(desk: Desk, owner: User, editor: User) -> None:
    desk.save(editor, 1, "One.\n\nTwo theirs.\n\nThree.")
    answer = desk.save(owner, 1, "One.\n\nTwo mine.\n\nThree.", plain=True)
    page = answer.content.decode()
    assert answer.status_code == 409
    merged = "One.\n\nTwo mine.\n\nTwo theirs.\n\nThree."
    assert f">\n{merged}</textarea>" in page
    assert 'name="version" value="2"' in page
    assert 'name="merged" value="1"' in page
    assert desk.save(owner, 2, merged, plain=True, merged="1").status_code == 302
    assert desk.stored == (3, merged)


def test_a_refused_form_keeps_what_was_typed(desk: Desk, owner: User) -> None:
    answer = desk.save(owner, 1, "kept\x07", plain=True)
    assert answer.status_code == 422
    assert "kept\x07</textarea>" in answer.content.decode()


# ── Reading what it is now ──────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_the_present_version_is_told_no_text(desk: Desk, owner: User) -> None:
    told = desk.text(owner, version=1).json()
    assert (told["version"], told["person"]) == (1, str(owner.pk))
    assert "markdown" not in told


def test_who_has_an_older_one_is_told_the_text_and_its_writers(desk: Desk, owner: User, editor: User) -> None:
    desk.save(editor, 1, "One!")
    told = desk.text(owner, version=1).json()
    assert (told["version"], told["markdown"], told["people"]) == (2, "One!", "Edgar Editor")

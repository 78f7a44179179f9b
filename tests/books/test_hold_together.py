"""Texts under acts that meet: an undo after another act, a second press, a text from before, one that is too large."""

from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from books.actions import chapters, cutting, history, replacing, saving
from books.errors import BookRefused
from books.models import Book, BookStatus, Chapter, ChapterVersion, RevisionKind, VersionOrigin
from books.models.provenance import Hand, Label, Source
from books.queries.saving import Meeting
from books.queries.versions import Document, document, unpacked
from books.transitions import texts
from core import deltas, tenancy
from core.errors import Conflict
from core.patterns import BadPattern, Sought
from core.text import digest, has_control_characters, normalize
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.test_revise import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of four chapters."""
    made = builders.make_book(organization, editor, status=BookStatus.REVIEW)
    for number, title in enumerate("ABCD", 1):
        builders.make_chapter(
            made, position=number, title=title, markdown=f"The bee {number}.\n\nA hive.", word_count=5
        )
    return made


def chapter(book: Book, title: str = "A") -> Chapter:
    """The chapter of that title as a view fetches it, in the trash or not."""
    with tenancy.declared(book.organization_id):
        rows = Chapter.everything.of(book.organization).select_related("book__organization", "organization")
        return rows.get(book=book, title=title)


def seen(book: Book) -> dict[UUID, int]:
    """Each chapter's version."""
    return {one.pk: one.version for one in desk.rows(Chapter, book.organization, book=book)}


def replaced(book: Book, by: User, find: str, becomes: str, *, is_pattern: bool = False) -> replacing.Replaced:
    looked_at, sought = seen(book), Sought(find, is_pattern=is_pattern)
    with tenancy.declared(book.organization_id):
        return replacing.replace_in_book(
            book=book, by=by, sought=sought, replacement=becomes, seen=looked_at, chosen=None
        )


def put(book: Book, by: User, text: str, origin: VersionOrigin = VersionOrigin.EDITED) -> None:
    found = chapter(book)
    with tenancy.declared(book.organization_id):
        texts.replace(texts.lock(found), text, hand=Hand.of_person(by.pk), origin=origin, by=by)


def test_undoing_a_replacement_leaves_what_a_later_one_did(book: Book, editor: User) -> None:
    first = replaced(book, editor, "bee", "wasp")
    replaced(book, editor, "hive", "nest")
    assert first.before
    with tenancy.declared(book.organization_id):
        assert replacing.undo_replacing(book=book, by=editor, before=first.before) == (0, 4)
    assert chapter(book).markdown == "The wasp 1.\n\nA nest."


@pytest.mark.parametrize("becomes", [r"\r\n", r"\r", "e\u0301", r"\u0301"])
def test_what_a_replacement_makes_is_stored_as_every_text_is(book: Book, editor: User, becomes: str) -> None:
    assert replaced(book, editor, "ee", becomes, is_pattern=True).places == 4
    text = chapter(book).markdown
    assert (normalize(text), has_control_characters(text)) == (text, False)


@pytest.mark.parametrize("becomes", [r"\x00", r"\x07"])
def test_a_replacement_makes_no_control_characters(book: Book, editor: User, becomes: str) -> None:
    with pytest.raises(BadPattern):
        replaced(book, editor, "ee", becomes, is_pattern=True)
    assert chapter(book).markdown == "The bee 1.\n\nA hive."


def test_a_chapter_brought_back_by_two_presses_leaves_no_gap(book: Book, editor: User) -> None:
    with tenancy.declared(book.organization_id):
        revision = history.keep_revision(book=book, by=editor, message="All four")
    with tenancy.declared(book.organization_id):
        chapters.trash_chapter(chapter=Chapter.objects.of(book.organization).get(title="B"), by=editor)
    for pressed in [chapter(book, "B"), chapter(book, "B")]:
        with tenancy.declared(book.organization_id):
            history.restore_chapter(revision=revision, chapter=pressed, by=editor)
    standing = sorted((one.position, one.title) for one in desk.rows(Chapter, book.organization, book=book))
    assert standing == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]


def unlabelled(book: Book, number: int, text: str) -> ChapterVersion:
    """A version from before there were labels."""
    found = chapter(book)
    with tenancy.declared(book.organization_id):
        return ChapterVersion.objects.create(
            organization=book.organization, chapter=found, number=number, title=found.title,
            origin=VersionOrigin.WRITTEN, payload=deltas.whole(f"{text}\x00"), is_whole=True,
            text_digest=digest(text), word_count=2,
        )  # fmt: skip


def test_a_version_from_before_there_were_labels_comes_back_as_a_model_s(book: Book, editor: User) -> None:
    old, present = unlabelled(book, 1, "Older.\n\nText."), unlabelled(book, 2, chapter(book).markdown)
    with tenancy.declared(book.organization_id):
        Chapter.objects.of(book.organization).filter(pk=old.chapter_id).update(version=present.number)
        history.restore_version(version=old, by=editor)
    found = chapter(book)
    assert (found.markdown, found.label_words) == ("Older.\n\nText.", {"model:": 2})


def test_labels_are_read_whatever_their_names_hold() -> None:
    labels = tuple(Label(Source.MODEL, name) for name in ("line\u2028separator", "next\x85line", "rule\x1e"))
    text = "One.\n\nTwo.\n\nThree."
    assert unpacked(Document(text, labels).packed()) == Document(text, labels)


def test_a_version_typed_on_since_it_was_looked_at_is_not_gone_back_to_unseen(book: Book, editor: User) -> None:
    put(book, editor, "Typed.")
    (looked_at,) = desk.rows(ChapterVersion, book.organization, origin=VersionOrigin.EDITED)
    put(book, editor, "Typed on.")
    with tenancy.declared(book.organization_id), pytest.raises(Conflict):
        history.restore_version(version=looked_at, by=editor)
    with tenancy.declared(book.organization_id), pytest.raises(Conflict):
        history.restore_paragraph(version=looked_at, by=editor, number=1, present=digest("Typed on."))


def test_chapters_merge_however_many_words_they_were_planned_to_have(book: Book, editor: User) -> None:
    with tenancy.declared(book.organization_id):
        Chapter.objects.of(book.organization).update(planned_words=20_000)
    first = chapter(book)
    with tenancy.declared(book.organization_id):
        cutting.merge_chapter(chapter=first, by=editor, scene_break=False, version=1, next_version=1)
    assert chapter(book).planned_words == 40_000


def test_no_act_makes_a_text_that_no_editor_could_save(book: Book, editor: User) -> None:
    half = "a" * (texts.LONGEST // 2)
    with tenancy.declared(book.organization_id):
        Chapter.objects.of(book.organization).update(markdown=half)
    first = chapter(book)
    with tenancy.declared(book.organization_id), pytest.raises(BookRefused) as refused:
        cutting.merge_chapter(chapter=first, by=editor, scene_break=False, version=1, next_version=1)
    assert refused.value.code == "too_long"
    assert (len(chapter(book).markdown), chapter(book, "B").trashed_at) == (texts.LONGEST // 2, None)


def test_what_was_typed_before_the_run_wrote_meets_what_it_wrote(book: Book, editor: User) -> None:
    with tenancy.declared(book.organization_id):
        Chapter.objects.of(book.organization).filter(title="A").update(markdown="")
    empty = chapter(book)
    with tenancy.declared(book.organization_id):
        texts.begin(chapter(book), "What the model wrote.", Hand.of_model("mini"))
    with tenancy.declared(book.organization_id):
        met: Any = saving.save_text(chapter=empty, by=editor, version=empty.version, markdown="Mine.", base="")
    assert isinstance(met, Meeting)
    assert (met.theirs, chapter(book).markdown) == ("What the model wrote.", "What the model wrote.")


@pytest.mark.parametrize("act", ["moved", "aimed"])
def test_the_state_of_the_day_before_is_kept_whatever_comes_first(book: Book, editor: User, act: str) -> None:
    with tenancy.declared(book.organization_id):
        Chapter.objects.of(book.organization).update(updated_at=desk.in_past(48 * 3600))
    with tenancy.declared(book.organization_id):
        if act == "moved":
            chapters.move_chapter(chapter=chapter(book, "D"), by=editor, to=1)
        else:
            chapters.aim_at(chapter=chapter(book), by=editor, words=900)
    put(book, editor, "Typed after it.")
    (daily,) = kept(book)
    assert (daily.kind, daily.word_count) == (RevisionKind.DAILY, 20)
    (version,) = desk.rows(ChapterVersion, book.organization, chapter=chapter(book), number=1)
    with tenancy.declared(book.organization_id):
        assert document(version).markdown == "The bee 1.\n\nA hive."

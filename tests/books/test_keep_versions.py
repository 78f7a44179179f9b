"""Every text a chapter had can be read again: by number, with its labels, whoever saved in between."""

import threading
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from books.models import Chapter, ChapterVersion, Revision, RevisionKind, VersionOrigin
from books.models.provenance import Hand
from books.queries.versions import Document, documents, labels_of
from books.transitions import provenance, revisions, shelf, texts, versions
from core import deltas, tenancy
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.core.test_diff_texts import BOOKS

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A written chapter of a book of `editor`."""
    return builders.make_chapter(builders.make_book(organization, editor, status="review"))


@transaction.atomic
def put(chapter: Chapter, text: str, by: User, origin: VersionOrigin = VersionOrigin.EDITED) -> ChapterVersion | None:
    """Replace the chapter's text as a request would."""
    with tenancy.declared(chapter.organization_id):
        hand = Hand.of_person(by.pk)
        return texts.replace(texts.lock(desk.again(chapter)), text, hand=hand, origin=origin, by=by)


@transaction.atomic
def take(chapter: Chapter, kind: RevisionKind = RevisionKind.KEPT) -> Revision:
    """Keep the chapter's book."""
    with tenancy.declared(chapter.organization_id):
        return revisions.take(shelf.lock(desk.again(chapter).book), kind)


def numbers(chapter: Chapter) -> list[int]:
    return sorted(one.number for one in desk.rows(ChapterVersion, chapter.organization, chapter=chapter))


def kept(chapter: Chapter, wanted: list[int]) -> dict[int, Document]:
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        return documents(chapter, wanted)


@given(st.lists(st.tuples(BOOKS, st.booleans(), st.booleans()), min_size=1, max_size=10))
@settings(max_examples=10, deadline=None)
def test_any_texts_by_anybody_come_back_with_their_labels(saves: list[tuple[str, bool, bool]]) -> None:
    with transaction.atomic():
        house = builders.make_organization()
        writers = [builders.make_member(house, "member") for _each in range(2)]
        chapter = builders.make_chapter(builders.make_book(house, writers[0]))
        stood: dict[int, Document] = {}
        for text, is_other, is_held in saves:
            if is_held:
                take(chapter)
                held = desk.again(chapter)
                stood[held.version] = Document(held.markdown, labels_of(held))
            if version := put(chapter, text, writers[is_other]):
                now = desk.again(chapter)
                stood = {number: one for number, one in stood.items() if number in numbers(chapter)}
                stood[version.number] = Document(now.markdown, labels_of(now))
        assert stood.keys() <= set(numbers(chapter))
        assert {number: kept(chapter, [number])[number] for number in stood} == stood
        transaction.set_rollback(True)


def test_typing_of_one_person_within_minutes_is_one_version(chapter: Chapter, editor: User, owner: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for by, text, later in [(editor, "One.", 0), (editor, "One. Two.", 5), (owner, "One. Two, three.", 1),
                                (editor, "One. Two, three!", 1), (editor, "One.", 20)]:  # fmt: skip
            clock.shift(timedelta(minutes=later))
            put(chapter, text, by)
    first, *later_ones = numbers(chapter)
    assert first == 1
    assert [kept(chapter, [one])[one].markdown for one in later_ones] == [
        "One. Two.", "One. Two, three.", "One. Two, three!", "One."
    ]  # fmt: skip


def test_what_is_not_typing_is_a_version_of_its_own(chapter: Chapter, editor: User) -> None:
    put(chapter, "One.", editor)
    put(chapter, "Two.", editor, VersionOrigin.REPLACED)
    put(chapter, "Three.", editor)
    assert len(numbers(chapter)) == 4


def test_a_version_that_a_revision_holds_is_never_overwritten(chapter: Chapter, editor: User) -> None:
    put(chapter, "One.", editor)
    take(chapter)
    held = max(numbers(chapter))
    put(chapter, "One. Two.", editor)
    assert kept(chapter, [held])[held].markdown == "One."


def test_the_same_text_is_no_version(chapter: Chapter, editor: User) -> None:
    assert put(chapter, desk.again(chapter).markdown, editor) is None
    assert (numbers(chapter), desk.again(chapter).version) == ([], 1)


def test_labels_changed_aside_do_not_break_the_chain(chapter: Chapter, editor: User) -> None:
    put(chapter, "One.\n\nTwo.", editor)
    with tenancy.declared(chapter.organization_id):
        Chapter.objects.of(chapter.organization).filter(pk=chapter.pk).update(
            labels=[{"source": "model", "name": "x"}, {"source": "import", "name": "y", "reviewed": str(editor.pk)}]
        )
    version = put(chapter, "One.\n\nTwo, and more.", editor)
    assert version and kept(chapter, [version.number])[version.number].markdown == "One.\n\nTwo, and more."


def test_another_title_is_a_version_with_its_title(chapter: Chapter, editor: User) -> None:
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        texts.rename(texts.lock(desk.again(chapter)), "The Second Hive", by=editor)
    titles = {one.number: one.title for one in desk.rows(ChapterVersion, chapter.organization, chapter=chapter)}
    assert titles == {1: "The First Hive", 2: "The Second Hive"}
    assert kept(chapter, [1])[1] == kept(chapter, [2])[2]


def test_a_text_that_a_run_writes_over_a_kept_one_is_a_version(chapter: Chapter, editor: User) -> None:
    take(chapter)
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        texts.begin(texts.lock(desk.again(chapter)), "Written again.", Hand.of_model("scripted"))
    put(chapter, "Written again, and edited.", editor)
    assert [kept(chapter, [one])[one].markdown for one in numbers(chapter)[1:]] == [
        "Written again.", "Written again, and edited."
    ]  # fmt: skip


def test_reading_one_text_of_a_thousand_is_bounded(chapter: Chapter, editor: User) -> None:
    with transaction.atomic():
        for number in range(60):
            put(chapter, f"A roof is a meadow. {number} bees know it.", editor, VersionOrigin.REPLACED)
    rows = sorted(desk.rows(ChapterVersion, chapter.organization, chapter=chapter), key=lambda one: one.number)
    assert sum(one.is_whole for one in rows) > 5  # the text is short: what changed is soon as long
    with tenancy.declared(chapter.organization_id), CaptureQueriesContext(connection) as queries:
        assert documents(chapter, [30])[30].markdown.startswith("A roof is a meadow. 28 ")
    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_are_two_versions_and_the_later_one_stands(
    organization: Organization, editor: User, owner: User
) -> None:
    chapter = builders.make_chapter(builders.make_book(organization, editor))
    start = threading.Barrier(2)

    def save(by: User, text: str) -> None:
        start.wait()
        try:
            put(chapter, text, by)
        finally:
            connection.close()

    both = [threading.Thread(target=save, args=one) for one in ((editor, "One."), (owner, "Two."))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert numbers(chapter) == [1, 2, 3]
    assert {kept(chapter, [one])[one].markdown for one in (2, 3)} == {"One.", "Two."}
    assert kept(chapter, [3])[3].markdown == desk.again(chapter).markdown


@given(st.integers(0, 2**32))
@settings(max_examples=1, deadline=None)
def test_a_thousand_small_changes_store_no_more_than_three_times_the_text(seed: int) -> None:
    chance = Random(seed)
    words = [f"w{chance.randrange(3000)}" for _each in range(10_000)]
    paragraphs = [" ".join(words[at : at + 60]) + "." for at in range(0, len(words), 60)]
    below, base = ChapterVersion(chain_bytes=0), document_of(paragraphs)
    stored = len(deltas.whole(base.packed()))
    for number in range(1000):
        place = chance.randrange(len(paragraphs))
        paragraphs[place] = paragraphs[place].replace(" ", f" again{number} ", 1)
        version, after = ChapterVersion(), document_of(paragraphs)
        versions.pack(version, below, base, after)
        stored += len(version.payload)
        below, base = version, after
    assert stored <= 3 * len("\n\n".join(paragraphs))


def document_of(paragraphs: list[str]) -> Document:
    text = "\n\n".join(paragraphs)
    return Document(text, provenance.fresh(text, Hand.of_model("scripted")))

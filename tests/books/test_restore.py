"""Going back: one paragraph, a chapter, the whole book; each kept first, each undone, none done twice."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from books.models import Book, Chapter, ChapterVersion, Revision, RevisionKind, RunState
from core import tenancy
from core.text import digest
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.test_revise import chapter_at, kept, put, take

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(organization: Organization, editor: User) -> Book:
    """A written book of three chapters."""
    made = builders.make_book(organization, editor, status="review")
    for place in (1, 2, 3):
        builders.make_chapter(made, position=place, title=f"Loaf {place}", markdown=f"Text {place}.", word_count=2)
    return made


def chapters(book: Book, **filters: Any) -> list[Chapter]:
    with tenancy.declared(book.organization_id):
        return list(Chapter.everything.of(book.organization).filter(book=book, **filters).order_by("position"))


def texts_of(book: Book) -> list[str]:
    return [one.markdown for one in chapters(book, trashed_at__isnull=True)]


def post(author: Client, name: str, *ids: object, **data: Any) -> Any:
    return author.post(desk.address(name, "atelier", *ids), data)


def versions(chapter_id: object, book: Book) -> list[ChapterVersion]:
    return sorted(desk.rows(ChapterVersion, book.organization, chapter_id=chapter_id), key=lambda one: one.number)


def undo(author: Client, answer: Any) -> Any:
    """Press the Undo of the message on the page that an act led to."""
    said = next(iter(author.get(answer["Location"]).context["messages"]))
    return author.post(said.extra_tags.split(" ")[0], {})


def test_a_book_goes_back_with_texts_titles_and_order(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    with tenancy.declared(book.organization_id):
        rows = Chapter.objects.of(book.organization)
        rows.filter(position=3).update(trashed_at=desk.in_past(1))
    builders.make_chapter(book, position=3, title="New", markdown="Added since.")
    answer = post(author, "revision_restore", book.pk, first.pk)
    assert answer.status_code == 302
    assert texts_of(book) == ["Text 1.", "Text 2.", "Text 3."]
    assert [one.title for one in chapters(book, trashed_at__isnull=False)] == ["New"]
    assert [(one.kind, one.message) for one in kept(book)[1:]] == [
        ("before", "Before going back to v1.0"), ("restored", "Back to v1.0")
    ]  # fmt: skip
    assert undo(author, answer).status_code == 302
    assert texts_of(book) == ["Changed.", "Text 2.", "Added since."]


def test_a_second_submit_changes_nothing(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    for _twice in range(2):
        assert post(author, "revision_restore", book.pk, first.pk).status_code == 302
    assert [one.kind for one in kept(book)] == ["kept", "before", "restored"]


def test_nothing_goes_back_while_a_run_works_on_the_book(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    builders.make_run(book, state=RunState.WRITING)
    second = chapter_at(book, 2)
    assert post(author, "revision_restore", book.pk, first.pk).status_code == 422
    assert post(author, "revision_chapter_restore", book.pk, first.pk, second).status_code == 422
    assert post(author, "version_restore", book.pk, chapter_at(book, 1), 1).status_code == 422
    assert texts_of(book)[0] == "Changed."


def test_the_page_before_going_back_says_what_will_change(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    page = author.get(desk.address("revision_restore", "atelier", book.pk, first.pk))
    assert [(one.title, one.kind) for one in page.context["page"].changes] == [("Loaf 1", "changed")]


def test_a_chapter_goes_back_from_a_revision_out_of_the_trash(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    second = chapter_at(book, 2)
    put(book, 2, "Changed.", editor)
    with tenancy.declared(book.organization_id):
        rows = Chapter.objects.of(book.organization)
        rows.filter(pk=second).update(trashed_at=desk.in_past(1))
        rows.filter(position=3).update(position=2)
    assert post(author, "revision_chapter_restore", book.pk, first.pk, second).status_code == 302
    assert texts_of(book) == ["Text 1.", "Text 2.", "Text 3."]


def test_a_version_goes_back_and_forth(author: Client, book: Book, editor: User) -> None:
    first = chapter_at(book, 1)
    put(book, 1, "Changed.", editor)
    answer = post(author, "version_restore", book.pk, first, 1)
    assert texts_of(book)[0] == "Text 1."
    assert kept(book)[-1].kind == RevisionKind.BEFORE
    undo(author, answer)
    assert texts_of(book)[0] == "Changed."
    assert [one.origin for one in versions(first, book)] == ["written", "edited", "restored", "restored"]


def test_one_paragraph_goes_back_with_its_label_and_the_rest_stays(
    author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, status="review")
    before = "One bee flies far.\n\nTwo bees fly home.\n\nThree bees stay."
    chapter = builders.make_chapter(book, markdown=before, labels=[{"source": "model", "name": "x"}] * 3)
    now = "One bee walks far.\n\nTwo bees fly home.\n\nThree wasps stay.\n"
    put(book, 1, now, editor)
    again = {"number": 1, "present": digest(now)}
    answer = post(author, "paragraph_restore", book.pk, chapter.pk, 1, **again)
    assert answer.status_code == 302
    after = desk.again(chapter)
    assert after.markdown == "One bee flies far.\n\nTwo bees fly home.\n\nThree wasps stay.\n"
    assert after.labels[0] == {"source": "model", "name": "x"}
    assert post(author, "paragraph_restore", book.pk, chapter.pk, 1, **again).status_code == 302
    assert desk.again(chapter).version == after.version
    undo(author, answer)
    assert desk.again(chapter).markdown == now


def test_a_paragraph_of_a_text_that_changed_meanwhile_is_not_put_back_unseen(
    author: Client, organization: Organization, editor: User, owner: User
) -> None:
    book = builders.make_book(organization, editor, status="review")
    chapter = builders.make_chapter(book, markdown="One bee flies far.")
    put(book, 1, "One bee walks far.", editor)
    seen = digest("One bee walks far.")
    put(book, 1, "One bee walks far away.", owner)
    answer = post(author, "paragraph_restore", book.pk, chapter.pk, 1, number=1, present=seen)
    assert (answer.status_code, desk.again(chapter).markdown) == (409, "One bee walks far away.")
    assert b"changed meanwhile" in answer.content


def test_going_back_paragraph_by_paragraph_keeps_the_book_once(
    author: Client, organization: Organization, editor: User
) -> None:
    book = builders.make_book(organization, editor, status="review")
    chapter = builders.make_chapter(book, markdown="One bee flies far.\n\nTwo bees fly home.")
    put(book, 1, "One bee walks far.\n\nTwo bees walk home.", editor)
    for _each in range(2):
        text = desk.again(chapter).markdown
        post(author, "paragraph_restore", book.pk, chapter.pk, 1, number=1, present=digest(text))
    assert desk.again(chapter).markdown == "One bee flies far.\n\nTwo bees fly home."
    assert [one.kind for one in kept(book)] == ["before"]


def test_who_may_comment_sees_history_and_puts_nothing_back(client_of: Any, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    guest = builders.make_member(book.organization, "guest")
    builders.make_collaborator(book, guest, role="commenter")
    reader = client_of(guest)
    assert reader.get(desk.address("compare", "atelier", book.pk), {"old": first.pk}).status_code == 200
    assert post(reader, "revision_restore", book.pk, first.pk).status_code == 403
    assert post(reader, "version_restore", book.pk, chapter_at(book, 1), 1).status_code == 403


def test_a_comparison_lists_what_differs_and_opens_a_chapter(author: Client, book: Book, editor: User) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Text 1, and more of it.", editor)
    asked = {"old": str(first.pk), "chapter": str(chapter_at(book, 1))}
    page = author.get(desk.address("compare", "atelier", book.pk), asked)
    (change,) = page.context["page"].changes
    assert (change.title, change.kind, change.difference) == ("Loaf 1", "changed", 4)
    assert b"<ins>" in page.content
    part = author.get(desk.address("compare", "atelier", book.pk), asked, headers={"HX-Request": "true"})
    assert b"<ins>" in part.content
    assert b"<html" not in part.content


def test_two_versions_are_compared_whichever_comes_first(author: Client, book: Book, editor: User) -> None:
    put(book, 1, "Text 1, and more of it.", editor)
    place = desk.address("versions_compare", "atelier", book.pk, chapter_at(book, 1))
    asked: dict[str, str]
    for asked in ({"old": "1"}, {"old": "2", "new": "1"}, {"old": "1", "view": "inline"}):
        page = author.get(place, asked)
        assert (page.context["page"].old.number, page.context["page"].new) == (1, None)
        assert b"<ins>" in page.content
    assert author.get(place, {"old": 9}).status_code == 404
    assert author.get(place).context["page"].old.number == 1


def test_a_revision_without_chapters_erased_since_goes_back_with_the_rest(
    author: Client, book: Book, editor: User
) -> None:
    first = take(book, RevisionKind.KEPT)
    put(book, 1, "Changed.", editor)
    with tenancy.declared(book.organization_id):
        Chapter.everything.of(book.organization).filter(pk=chapter_at(book, 2)).delete()
    page = author.get(desk.address("revision", "atelier", book.pk, first.pk))
    assert page.context["page"].erased == 1
    post(author, "revision_restore", book.pk, first.pk)
    assert [(one.position, one.markdown) for one in chapters(book)] == [(1, "Text 1."), (2, "Text 3.")]
    assert desk.rows(Revision, book.organization)

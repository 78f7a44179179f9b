"""Comments on passages: begun, answered, edited, deleted, resolved; who is told."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from books.actions.comments import MOST_OPEN
from books.models import Book, Chapter, Comment, Mention, Visibility
from core import tenancy
from organizations.models import Membership, Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
TEXT = "A roof is a meadow.\n\nThe bees know it. The bees fly."


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A chapter of an internal book."""
    return builders.make_chapter(
        builders.make_book(organization, editor, visibility=Visibility.INTERNAL), markdown=TEXT
    )


def panel(chapter: Chapter) -> str:
    return desk.address("chapter_comments", "atelier", chapter.book_id, chapter.pk)


def comments(chapter: Chapter) -> list[Comment]:
    return sorted(desk.rows(Comment, chapter.organization, chapter=chapter), key=lambda row: row.pk)


def threads(client: Client, book: Book, **asked: str) -> list[str]:
    page = client.get(desk.address("comment_list", "atelier", book.pk), asked).context["page"]
    return [one.first.text for one in page.threads]


def test_a_comment_stands_on_its_passage_once(chapter: Chapter, editor: User, client_of: Sign) -> None:
    fields = {"text": "Really?", "quote": "The bees", "start": 32, "request_key": str(uuid4())}
    client = client_of(editor)
    for _twice in range(2):
        assert client.post(panel(chapter), fields).status_code == 302
    (one,) = comments(chapter)
    assert (TEXT[one.start : one.end], one.start) == ("The bees", 39)  # the nearest of two
    assert desk.trail(chapter) == ["comment.made"]


def test_a_full_chapter_takes_no_more_and_says_so(chapter: Chapter, editor: User, client_of: Sign) -> None:
    resolved = builders.make_comment(chapter, editor, resolved_by=editor, resolved_at=timezone.now())
    with transaction.atomic(), tenancy.declared(chapter.organization_id):
        rows = {"organization": chapter.organization, "book": chapter.book, "chapter": chapter, "author": editor}
        Comment.objects.bulk_create(Comment(**rows, text="Why?") for _number in range(MOST_OPEN))
    client = client_of(editor)
    answer = client.post(panel(chapter), {"text": "One more."})
    assert (answer.status_code, "open threads at most" in answer.content.decode()) == (422, True)
    url = desk.address("comment_resolve", "atelier", chapter.book_id, resolved.pk)
    assert client.post(url, {"resolved": "no"}).status_code == 422
    thread = desk.address("comment", "atelier", chapter.book_id, resolved.pk)
    assert client.post(thread, {"text": "But"}).status_code == 422
    assert len(comments(chapter)) == MOST_OPEN + 1


@pytest.mark.parametrize(("fields", "quote"), [({}, ""), ({"paragraph": "1"}, "The bees know it. The bees fly.")])
def test_without_a_script_a_paragraph_or_the_chapter_is_chosen(
    chapter: Chapter, editor: User, client_of: Sign, fields: dict[str, str], quote: str
) -> None:
    assert client_of(editor).post(panel(chapter), {"text": "Nice.", **fields}).status_code == 302
    (one,) = comments(chapter)
    assert (one.quote, TEXT[one.start : one.end]) == (quote, quote)


def test_a_passage_that_is_not_there_and_an_empty_comment_are_refused(
    chapter: Chapter, editor: User, client_of: Sign
) -> None:
    client = client_of(editor)
    assert client.post(panel(chapter), {"text": "?", "quote": "wasps", "start": 3}).status_code == 409
    assert client.post(panel(chapter), {"text": "  ", "quote": "The bees"}).status_code == 422
    assert not comments(chapter)


def test_who_is_mentioned_and_who_took_part_get_one_letter_each(
    chapter: Chapter,
    editor: User,
    owner: User,
    organization: Organization,
    client_of: Sign,
    run_queue: Callable[[], int],
) -> None:
    reader = builders.make_member(organization, "member", display_name="Rita Reader", language="fr")
    thread = builders.make_comment(chapter, owner, quote="The bees")
    builders.make_comment(chapter, editor, thread=thread, text="I think so.")
    address = desk.address("comment", "atelier", chapter.book_id, thread.pk)
    client_of(editor).post(address, {"text": "Ask @Rita Reader.", "mentioned": [str(reader.pk), str(owner.pk)]})
    run_queue()
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert set(letters) == {reader.email, owner.email}
    for plain in letters[owner.email].message().walk():
        if plain.get_content_type() == "text/plain":
            said = plain.get_payload(decode=True).decode()  # type: ignore[union-attr]  # a leaf
            assert all(words in said for words in ("Ask @Rita Reader.", "The bees", address))
    assert len(mail.outbox) == 2
    assert {row.person_id for row in desk.rows(Mention, organization)} == {reader.pk, owner.pk}


def test_nobody_is_told_who_may_not_read_it_or_does_not_want_to_be(
    chapter: Chapter,
    editor: User,
    outsider: User,
    organization: Organization,
    client_of: Sign,
    run_queue: Callable[[], int],
) -> None:
    quiet = builders.make_member(organization, "member", mails_about_comments=False)
    gone = builders.make_member(organization, "member")
    Membership.objects.filter(person=gone).update(suspended_at=timezone.now())
    guest = builders.make_member(organization, "guest")
    ids = [str(one.pk) for one in (quiet, gone, guest, outsider)]
    client_of(editor).post(panel(chapter), {"text": "Look.", "mentioned": ids[:1]})
    assert client_of(editor).post(panel(chapter), {"text": "Look.", "mentioned": ids}).status_code == 422
    run_queue()
    assert not mail.outbox


def test_whoever_was_removed_and_comes_back_is_told_nothing_of_a_private_book(
    organization: Organization, editor: User, client_of: Sign, run_queue: Callable[[], int]
) -> None:
    chapter = builders.make_chapter(builders.make_book(organization, editor), markdown=TEXT)
    back = builders.make_member(organization, "member")
    builders.make_collaborator(chapter.book, back, role="commenter")
    thread = builders.make_comment(chapter, back)
    Membership.objects.filter(person=back).delete()
    Membership.objects.create(organization=organization, person=back, role="guest")
    answer = desk.address("comment", "atelier", chapter.book_id, thread.pk)
    assert client_of(editor).post(answer, {"text": "A secret."}).status_code == 302
    fields = {"text": "A secret.", "mentioned": [str(back.pk)]}
    assert client_of(editor).post(panel(chapter), fields).status_code == 422
    run_queue()
    assert not mail.outbox


def test_one_is_led_back_to_a_page_and_nowhere_else(chapter: Chapter, editor: User, client_of: Sign) -> None:
    client = client_of(editor)
    for asked, led in [("?at=1", "?at=1"), ("logout", "logout"), ("https://elsewhere.example/", panel(chapter))]:
        answer = client.post(panel(chapter), {"text": "Really?", "next": asked})
        assert (answer.status_code, answer.headers["Location"]) == (302, led)


def test_one_persons_box_is_not_filled(
    chapter: Chapter, editor: User, owner: User, client_of: Sign, run_queue: Callable[[], int], settings: object
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "comment_letter": {"writer": (99, 60), "reader": (2, 60)}}  # type: ignore[attr-defined]
    thread = builders.make_comment(chapter, owner)
    client = client_of(editor)
    for number in range(4):
        client.post(desk.address("comment", "atelier", chapter.book_id, thread.pk), {"text": f"Answer {number}"})
    run_queue()
    assert (len(mail.outbox), len(comments(chapter))) == (2, 5)


def test_own_words_are_edited_and_nobody_elses(chapter: Chapter, editor: User, owner: User, client_of: Sign) -> None:
    one = builders.make_comment(chapter, editor)
    address = desk.address("comment_edit", "atelier", chapter.book_id, one.pk)
    assert client_of(editor).post(address, {"text": "Is it so?"}).status_code == 302
    changed = desk.again(one)
    assert (changed.text, changed.edited_at is not None) == ("Is it so?", True)
    for method in ("get", "post"):
        assert getattr(client_of(owner), method)(address, {"text": "No."}).status_code == 404
        delete = desk.address("comment_delete", "atelier", chapter.book_id, one.pk)
        assert getattr(client_of(owner), method)(delete).status_code == 404


def test_a_deleted_comment_keeps_its_answers_until_they_go_too(chapter: Chapter, editor: User, client_of: Sign) -> None:
    client = client_of(editor)
    first = builders.make_comment(chapter, editor, text="A secret.")
    answer = builders.make_comment(chapter, editor, thread=first)

    def delete(one: Comment) -> int:
        return int(client.post(desk.address("comment_delete", "atelier", chapter.book_id, one.pk)).status_code)

    assert delete(first) == 302
    assert [(one.text, one.deleted_at is None) for one in comments(chapter)] == [("—", False), ("Is this so?", True)]
    assert "This comment was deleted." in client.get(panel(chapter)).content.decode()
    assert (delete(answer), comments(chapter)) == (302, [])


def test_threads_are_resolved_by_their_author_or_who_may_change_the_text(
    chapter: Chapter, editor: User, owner: User, organization: Organization, client_of: Sign
) -> None:
    guest = builders.make_member(organization, "guest")
    builders.make_collaborator(chapter.book, guest, role="commenter")
    thread = builders.make_comment(chapter, editor)
    own = builders.make_comment(chapter, guest)

    def resolve(person: User, one: Comment, answer: str) -> int:
        address = desk.address("comment_resolve", "atelier", chapter.book_id, one.pk)
        return int(client_of(person).post(address, {"resolved": answer}).status_code)

    assert [resolve(guest, thread, "yes"), resolve(guest, own, "yes"), resolve(owner, thread, "yes")] == [422, 302, 302]
    assert desk.again(thread).resolved_by_id == owner.pk
    client_of(guest).post(desk.address("comment", "atelier", chapter.book_id, thread.pk), {"text": "Not yet."})
    assert desk.again(thread).resolved_at is None  # an answer opens it again
    assert (resolve(owner, thread, "yes"), resolve(editor, thread, "no")) == (302, 302)
    assert desk.again(thread).resolved_at is None


def test_the_list_finds_by_state_place_person_mention_and_words(
    chapter: Chapter, editor: User, owner: User, client_of: Sign
) -> None:
    book, client = chapter.book, client_of(editor)
    first = builders.make_comment(chapter, owner, text="About meadows", quote="meadow")
    builders.make_comment(chapter, owner, text="Gone", quote="wasps", start=4, end=4)
    builders.make_comment(chapter, editor, text="Done", resolved_at=timezone.now(), resolved_by=editor)
    answer = builders.make_comment(chapter, editor, thread=first, text="Pasture is better")
    builders.make_mention(answer, editor)
    assert threads(client, book) == ["Gone", "About meadows"]
    assert threads(client, book, state="resolved") == ["Done"]
    assert threads(client, book, state="all") == ["Done", "Gone", "About meadows"]
    assert threads(client, book, place="gone") == ["Gone"]
    assert threads(client, book, whose="mine") == ["About meadows"]
    assert threads(client, book, whose="mentions") == ["About meadows"]
    assert threads(client, book, q="pasture BETTER") == ["About meadows"]
    assert threads(client, book, person=str(owner.pk)) == ["Gone", "About meadows"]
    assert threads(client, book, chapter=str(uuid4())) == []


def test_a_long_panel_has_pages_in_the_order_of_the_text(chapter: Chapter, editor: User, client_of: Sign) -> None:
    for number in range(35):
        builders.make_comment(chapter, editor, text=f"{number:02d}", quote="A", start=number, end=number + 1)
    client = client_of(editor)
    first = client.get(panel(chapter)).context["page"]
    rest = client.get(panel(chapter) + first.next_url).context["page"]
    assert [one.first.text for one in (*first.threads, *rest.threads)] == [f"{number:02d}" for number in range(35)]
    at = client.get(panel(chapter), {"at": str(rest.threads[1].id)}).context["page"]
    assert at.threads[0].first.text == "31"


def test_the_panel_is_alone_beside_the_text(chapter: Chapter, editor: User, client_of: Sign) -> None:
    builders.make_comment(chapter, editor, quote="meadow")
    answer = client_of(editor).get(panel(chapter), headers={"HX-Request": "true"}).content.decode()
    assert 'id="panel"' in answer and "<html" not in answer


def test_marks_are_what_stands_open_in_the_text(chapter: Chapter, editor: User, client_of: Sign) -> None:
    stands = builders.make_comment(chapter, editor, quote="meadow")
    builders.make_comment(chapter, editor, quote="wasps", start=4, end=4)
    builders.make_comment(chapter, editor, quote="bees", resolved_at=timezone.now() - timedelta(days=1))
    change = builders.make_suggestion(chapter, "bees know", "bees do know")
    builders.make_suggestion(chapter, "roof", "road", start=3, end=7)
    said = client_of(editor).get(desk.address("marks", "atelier", chapter.book_id, chapter.pk)).json()
    assert [mark["id"] for mark in said["marks"]] == [str(stands.pk), str(change.pk)]
    assert {key: said["marks"][1][key] for key in ("start", "end", "quote", "proposal")} == {
        "start": 30, "end": 30, "quote": "", "proposal": "do ",
    }  # fmt: skip

"""A passage rewritten, shortened, lengthened or translated: followed through edits, taken where it stands, or not."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from books.models import Book, Chapter, Decision, Rewrite, RewriteTask, RunState
from books.models.provenance import Source, labels_from
from books.queries.extracts import Extract, around, is_inline, of_paragraphs, standing
from core.text import count_words
from organizations.models import Organization
from tests import builders
from tests.books import desk
from tests.books.test_rewrite_chapter import page, rewrites, run_of, take

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]
FIRST = "A roof is a meadow that nobody mows, and the first hive stands in it as a guest of the house."
SECOND = "Carry the boxes up in the evening, when the flight is over. Then wait for the morning to come."
THIRD = "The bees know it."
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """Three paragraphs in a book that is in review."""
    book = builders.make_book(organization, editor, status="review")
    return builders.make_chapter(book, markdown=TEXT, word_count=count_words(TEXT))


def order(author: Client, chapter: Chapter, passage: str = "", **data: Any) -> Any:
    fields: dict[str, Any] = {"task": "shorten", "instruction": "", "accepted_credits": 1}
    if passage:
        start = TEXT.index(passage)
        fields |= {"start": start, "end": start + len(passage), "quote": passage}
    return author.post(desk.address("assistant", "atelier", chapter.book_id, chapter.pk), fields | data)


def ordered(author: Client, chapter: Chapter, passage: str = "", **data: Any) -> Rewrite:
    answer = order(author, chapter, passage, **data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return rewrites(chapter)[0]


@pytest.mark.parametrize("task", [RewriteTask.SHORTEN, RewriteTask.LENGTHEN, RewriteTask.TRANSLATE])
def test_a_passage_is_done_again_and_taken_alone(
    task: RewriteTask, author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    rewrite = ordered(author, chapter, SECOND, task=task, into="fr")
    run_queue()
    rewrite = desk.again(rewrite)
    assert run_of(rewrite).state == RunState.COMPLETED
    assert (rewrite.task, rewrite.is_whole, rewrite.base_markdown) == (task, False, SECOND)
    assert rewrite.markdown
    assert take(author, rewrite).status_code == 302
    taken = desk.again(chapter)
    assert taken.markdown == f"{FIRST}\n\n{rewrite.markdown}\n\n{THIRD}"
    labels = labels_from(taken.labels)
    assert (labels[0].source, labels[-1].edited_by) == (Source.MODEL, ())
    assert "rewritten" in desk.trail(chapter)[0]
    assert mail.outbox == []


def test_words_inside_a_paragraph_become_words_inside_a_paragraph(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    passage = "the first hive stands in it as a guest"
    rewrite = ordered(author, chapter, passage, task="lengthen")
    run_queue()
    rewrite = desk.again(rewrite)
    assert "\n" not in rewrite.markdown
    assert take(author, rewrite).status_code == 302
    assert desk.again(chapter).markdown == TEXT.replace(passage, rewrite.markdown)


def test_the_model_is_shown_the_passage_and_a_translator_its_language(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    ordered(author, chapter, SECOND, task="translate", into="de", instruction="Say “du”")
    run_queue()
    (call,) = language_model.control.calls()
    assert SECOND in call["prompt"]
    assert "Translate this text into German" in call["prompt"]
    assert "Follow this instruction too: Say “du”." in call["prompt"]
    assert FIRST not in call["prompt"]


def test_a_translated_chapter_leaves_the_books_language_alone_and_says_so(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    rewrite = ordered(author, chapter, task="translate", into="fr")
    run_queue()
    shown = page(author, rewrite).content.decode()
    assert "keeps its own language" in shown
    assert 'lang="fr"' in shown
    assert take(author, rewrite).status_code == 302
    assert desk.rows(Book, chapter.organization)[0].language == "en"


def test_a_passage_is_followed_through_edits_around_it(author: Client, editor: User, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(
        chapter, is_whole=False, start=TEXT.index(SECOND), end=TEXT.index(SECOND) + len(SECOND), base_markdown=SECOND
    )
    desk.write(chapter, f"New first.\n\n{FIRST[:20]}{FIRST[30:]}\n\n{SECOND}\n\n{THIRD} And more.", editor)
    assert take(author, rewrite).status_code == 302
    assert desk.again(chapter).markdown == (
        f"New first.\n\n{FIRST[:20]}{FIRST[30:]}\n\n{rewrite.markdown}\n\n{THIRD} And more."
    )


def test_a_passage_changed_meanwhile_is_not_overwritten_unseen(author: Client, editor: User, chapter: Chapter) -> None:
    start = TEXT.index(SECOND)
    rewrite = builders.make_rewrite(chapter, is_whole=False, start=start, end=start + len(SECOND), base_markdown=SECOND)
    seen = page(author, rewrite).context["page"].present
    changed = SECOND.replace("evening", "late evening")
    desk.write(chapter, TEXT.replace(SECOND, changed), editor)
    refused = author.post(desk.address("rewrite_take", "atelier", rewrite.pk), {"present": seen})
    assert refused.status_code == 409
    assert "late evening" in refused.content.decode()
    assert desk.again(chapter).markdown == TEXT.replace(SECOND, changed)
    assert take(author, rewrite).status_code == 302
    assert desk.again(chapter).markdown == f"{FIRST}\n\n{rewrite.markdown}\n\n{THIRD}"


def test_of_a_passage_that_is_gone_nothing_is_taken(author: Client, editor: User, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(chapter, is_whole=False, start=0, end=len(FIRST), base_markdown=FIRST)
    desk.write(chapter, f"{SECOND}\n\n{THIRD}", editor)
    assert "passage is gone" in page(author, rewrite).content.decode()
    assert take(author, rewrite).status_code == 409
    again = author.post(desk.address("rewrite_again", "atelier", rewrite.pk), {"accepted_credits": 1})
    assert again.status_code == 409
    assert desk.again(chapter).markdown == f"{SECOND}\n\n{THIRD}"


def test_several_passages_wait_at_once_and_each_order_is_placed_once(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    first, second = ordered(author, chapter, FIRST), ordered(author, chapter, SECOND)
    assert first.pk != second.pk
    assert order(author, chapter, FIRST)["Location"] == desk.address("rewrite", "atelier", first.pk)
    whole = ordered(author, chapter)
    assert (whole.is_whole, len(rewrites(chapter))) == (True, 3)
    run_queue()
    assert take(author, first).status_code == take(author, second).status_code == 302
    first, second = desk.again(first), desk.again(second)
    assert desk.again(chapter).markdown == f"{first.markdown}\n\n{second.markdown}\n\n{THIRD}"


def test_another_try_asks_anew_and_the_first_can_be_taken_yet(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    first = ordered(author, chapter, SECOND, task="translate", into="it")
    run_queue()
    answer = author.post(desk.address("rewrite_again", "atelier", first.pk), {"accepted_credits": 1})
    second = rewrites(chapter)[0]
    assert answer["Location"] == desk.address("rewrite", "atelier", second.pk)
    assert (desk.again(first).decision, run_of(second).brief["into"]) == (Decision.DISCARDED, "it")
    run_queue()
    assert len(language_model.control.calls()) == 2
    assert take(author, first).status_code == 302
    refused = author.post(desk.address("rewrite_again", "atelier", first.pk), {"accepted_credits": 1})
    assert refused.status_code == 409


def test_paragraphs_can_be_chosen_by_number(author: Client, chapter: Chapter, language_model: Any) -> None:
    rewrite = ordered(author, chapter, first="2", last="3")
    assert rewrite.base_markdown == f"{SECOND}\n\n{THIRD}"
    shown = author.get(desk.address("assistant", "atelier", chapter.book_id, chapter.pk)).content.decode()
    assert "2. Carry the boxes" in shown
    assert "A passage, shorter" in shown


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"task": "rewrite"}, 422),
        ({"task": "translate", "into": ""}, 422),
        ({"task": "translate", "into": "zh"}, 422),
        ({"task": "nonsense"}, 422),
        ({"first": "4"}, 422),
        ({"first": "2", "last": "1"}, 422),
        ({"accepted_credits": 0}, 422),
        ({"start": 3, "end": 9, "quote": "nowhere"}, 409),
        ({"start": 3, "end": 5, "quote": "  "}, 409),
        ({"start": 35, "end": 36, "quote": ","}, 422),
    ],
)
def test_an_impossible_order_is_refused(data: dict[str, Any], status: int, author: Client, chapter: Chapter) -> None:
    assert order(author, chapter, **data).status_code == status
    assert rewrites(chapter) == []


def test_a_passage_is_priced_by_its_words(author: Client, chapter: Chapter, language_model: Any) -> None:
    run = run_of(ordered(author, chapter, SECOND))
    assert (run.credits_quoted, run.planned_words) == (1, (count_words(SECOND) + 1) // 2)


def test_who_may_edit_but_not_order_takes_and_orders_nothing(
    organization: Organization, owner: User, chapter: Chapter, client_of: Callable[[User], Client]
) -> None:
    guest = builders.make_member(organization, "guest")
    builders.make_collaborator(chapter.book, guest, role="editor")
    browser, rewrite = client_of(guest), builders.make_rewrite(chapter)
    address = desk.address("assistant", "atelier", chapter.book_id, chapter.pk)
    assert "Orders cost credits" in browser.get(address).content.decode()
    assert order(browser, chapter).status_code == 403
    assert browser.post(desk.address("rewrite_again", "atelier", rewrite.pk)).status_code == 403
    assert take(browser, rewrite).status_code == 302
    reader = builders.make_member(organization, "guest")
    builders.make_collaborator(chapter.book, reader, role="viewer")
    assert client_of(reader).get(address).status_code == 403


def test_beside_the_text_the_panel_alone_is_answered(author: Client, chapter: Chapter) -> None:
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    rewrite, review = builders.make_rewrite(chapter), builders.make_review(chapter)
    for address in (
        desk.address("assistant", "atelier", chapter.book_id, chapter.pk),
        desk.address("rewrite", "atelier", rewrite.pk),
        desk.address("review", "atelier", review.pk),
    ):
        part = author.get(address, headers=headers).content.decode()
        assert part.strip().startswith('<div class="panel')
        assert "<html" not in part
    present = page(author, rewrite).context["page"].present
    address = desk.address("rewrite_take", "atelier", rewrite.pk)
    taken = author.post(address, {"present": present}, headers=headers).content.decode()
    assert f'data-taken="{desk.again(chapter).version}"' in taken


def test_a_passage_is_found_where_it_stands_now_or_not_at_all() -> None:
    text = "one two one\n\nthree four"
    assert standing(text, Extract(0, 3, "one")) == Extract(0, 3, "one")
    assert standing(text, Extract(1, 4, "one")) is None
    assert standing(text, Extract(0, 6, "three ")) == Extract(13, 18, "three")
    assert of_paragraphs(text, 2, 2) == Extract(13, 23, "three four")
    assert of_paragraphs(text, 0, 1) is of_paragraphs(text, 1, 3) is None
    assert is_inline(text, Extract(4, 7, "two"))
    assert not is_inline(text, Extract(13, 23, "three four"))
    assert around(text, Extract(13, 18, "three"), 2) == ("two one", "four")

"""One chapter written anew by an instruction: ordered, watched, taken or discarded, and gone back from."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from books.jobs.rewriting import parts_of
from books.models import (
    Book,
    Chapter,
    ChapterVersion,
    Decision,
    PassageUse,
    Rewrite,
    Run,
    RunKind,
    RunState,
    VersionOrigin,
)
from books.models.provenance import Hand
from books.queries.runs import open_to
from books.queries.versions import document
from books.transitions import texts
from core import leases, tenancy
from core.models import Lease
from core.text import count_words
from organizations.access import resolve
from organizations.models import Organization
from tests import builders
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


@pytest.fixture
def chapter(organization: Organization, editor: User) -> Chapter:
    """A written chapter of 200 words in a book that is in review."""
    text = "A roof is a meadow that nobody mows.\n\n" + "Every hive hums. " * 62 + "Up there.\n\nThe bees know it."
    book = builders.make_book(organization, editor, status="review")
    return builders.make_chapter(book, summary="How it began", markdown=text, word_count=count_words(text))


def order(author: Client, chapter: Chapter, **data: Any) -> Any:
    fields = {"task": "rewrite", "instruction": "Tell it from the bees’ side", "accepted_credits": 1} | data
    return author.post(desk.address("assistant", "atelier", chapter.book_id, chapter.pk), fields)


def ordered(author: Client, chapter: Chapter, **data: Any) -> Rewrite:
    answer = order(author, chapter, **data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return rewrites(chapter)[0]


def rewrites(chapter: Chapter) -> list[Rewrite]:
    return sorted(desk.rows(Rewrite, chapter.organization, chapter=chapter), key=lambda one: one.pk, reverse=True)


def text_of(version: ChapterVersion) -> str:
    with tenancy.declared(version.organization_id):
        return document(version).markdown


def versions(chapter: Chapter) -> list[ChapterVersion]:
    return sorted(desk.rows(ChapterVersion, chapter.organization, chapter=chapter), key=lambda one: one.number)


def page(author: Client, rewrite: Rewrite) -> Any:
    return author.get(desk.address("rewrite", "atelier", rewrite.pk))


def take(author: Client, rewrite: Rewrite, present: str | None = None) -> Any:
    shown = page(author, rewrite).context["page"].present if present is None else present
    return author.post(desk.address("rewrite_take", "atelier", rewrite.pk), {"present": shown})


def run_of(rewrite: Rewrite) -> Run:
    return desk.rows(Run, rewrite.organization, pk=rewrite.run_id)[0]


def test_a_chapter_is_written_anew_and_taken_and_the_first_text_is_kept(
    author: Client, editor: User, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    before = desk.again(chapter).markdown
    changed = desk.rows(Book, chapter.organization)[0].content_changed_at
    rewrite = ordered(author, chapter)
    assert run_of(rewrite).state == RunState.PENDING
    run_queue()
    rewrite, run = desk.again(rewrite), run_of(rewrite)
    assert (run.state, run.kind, run.credits_quoted) == (RunState.COMPLETED, RunKind.REWRITE, 1)
    assert run.delivered_words == min(200, count_words(rewrite.markdown)) > 150
    assert (desk.again(chapter).markdown, versions(chapter)) == (before, [])
    assert take(author, rewrite).status_code == 302
    taken = desk.again(chapter)
    assert (taken.markdown, taken.word_count) == (rewrite.markdown, count_words(rewrite.markdown))
    assert [(one.number, one.origin, text_of(one)) for one in versions(chapter)] == [
        (1, VersionOrigin.WRITTEN, before), (2, VersionOrigin.REWRITTEN, rewrite.markdown)
    ]  # fmt: skip
    assert (versions(chapter)[1].made_by_id, versions(chapter)[1].note) == (editor.pk, rewrite.instruction)
    assert desk.rows(Book, chapter.organization)[0].content_changed_at > changed
    assert desk.trail(chapter) == ["chapter.rewritten"]
    assert desk.trail(rewrite) == ["rewrite.accepted"]


def test_the_instruction_and_the_text_that_stands_are_what_is_asked(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    ordered(author, chapter, instruction="Make it warmer")
    run_queue()
    (call,) = language_model.control.calls()
    assert "The bees know it." in call["prompt"]
    assert "follow this instruction: Make it warmer." in call["prompt"]


def test_a_long_chapter_is_rewritten_in_parts_that_follow_one_another(
    author: Client, organization: Organization, editor: User, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "120"}
    text = "\n\n".join(f"Paragraph {number} speaks of hives and of roofs at length." for number in range(30))
    book = builders.make_book(organization, editor)
    chapter = builders.make_chapter(book, markdown=text, word_count=count_words(text), planned_words=300)
    rewrite = ordered(author, chapter)
    run_queue()
    calls = desk.calls_of(run_of(rewrite))
    assert len(calls) == 3
    assert len(desk.again(rewrite).markdown) == sum(len(call.text.strip()) for call in calls) + 2 * len("\n\n")


def test_parts_are_whole_paragraphs_and_nothing_is_lost() -> None:
    text = "\n\n".join(f"{number} " * 20 + "end." for number in range(9))
    for count in range(1, 12):
        parts = parts_of(text, count)
        assert "\n\n".join(parts) == text
        assert 1 <= len(parts) <= count


def test_the_same_order_twice_is_one_rewrite_and_another_one_waits(
    author: Client, chapter: Chapter, language_model: Any
) -> None:
    first = order(author, chapter)
    assert order(author, chapter)["Location"] == first["Location"]
    refused = order(author, chapter, instruction="Something else")
    assert (refused.status_code, len(rewrites(chapter))) == (409, 1)
    shown = author.get(desk.address("assistant", "atelier", chapter.book_id, chapter.pk)).content.decode()
    assert first["Location"] in shown


@pytest.mark.parametrize(
    "data", [{"instruction": ""}, {"instruction": "  "}, {"instruction": "x" * 1001}, {"accepted_credits": 0},
             {"accepted_credits": ""}, {"instruction": "bell\x07"}],
)  # fmt: skip
def test_an_impossible_order_is_answered_422_and_costs_nothing(
    data: dict[str, Any], author: Client, chapter: Chapter
) -> None:
    assert order(author, chapter, **data).status_code == 422
    assert rewrites(chapter) == []
    assert desk.offers() == []


def test_nothing_is_rewritten_while_the_book_is_being_written_or_without_text(
    author: Client, chapter: Chapter, organization: Organization
) -> None:
    builders.make_run(chapter.book, state=RunState.PAUSED)
    assert order(author, chapter).status_code == 422
    bare = builders.make_chapter(chapter.book, position=2, markdown="", word_count=0)
    assert order(author, bare).status_code == 422
    assert rewrites(chapter) == rewrites(bare) == []


def test_the_price_is_one_credit_per_started_thousand_words_that_stand(
    author: Client, organization: Organization, editor: User
) -> None:
    text = "word " * 1001
    long = builders.make_chapter(builders.make_book(organization, editor), markdown=text, word_count=1001)
    page = author.get(desk.address("assistant", "atelier", long.book_id, long.pk)).context["page"]
    assert [price.whole for price in page.prices] == [2, 2, 2]
    assert order(author, long, accepted_credits=1).status_code == 422
    assert run_of(ordered(author, long, accepted_credits=2)).credits_quoted == 2


def test_a_chapter_changed_meanwhile_is_not_overwritten_unseen(author: Client, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(chapter)
    seen = page(author, rewrite).context["page"].present
    _write(chapter, "Somebody wrote this in the meantime.")
    refused = take(author, rewrite, seen)
    assert refused.status_code == 409
    assert "Somebody" in refused.content.decode()
    assert "has changed since" in refused.content.decode()
    assert desk.again(chapter).markdown.startswith("Somebody")
    assert take(author, rewrite, "").status_code == 409
    assert take(author, rewrite).status_code == 302
    assert [text_of(one)[:8] for one in versions(chapter)][1:] == ["Somebody", "A roof i"]


def test_taking_twice_is_once(author: Client, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(chapter)
    seen = page(author, rewrite).context["page"].present
    assert [take(author, rewrite, seen).status_code for _again in range(2)] == [302, 302]
    assert len(versions(chapter)) == 2


def test_a_discarded_proposal_leaves_the_chapter_and_can_be_taken_after_all(author: Client, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(chapter)
    assert author.post(desk.address("rewrite_discard", "atelier", rewrite.pk)).status_code == 302
    assert desk.again(rewrite).decision == Decision.DISCARDED
    assert versions(chapter) == []
    listed = author.get(desk.address("versions", "atelier", chapter.book_id, chapter.pk)).content.decode()
    assert desk.address("rewrite", "atelier", rewrite.pk) in listed
    assert take(author, rewrite).status_code == 302
    assert desk.again(chapter).markdown == rewrite.markdown


def test_a_cancelled_rewrite_stops_and_makes_room_for_another(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    rewrite = ordered(author, chapter)
    assert author.post(desk.address("rewrite_discard", "atelier", rewrite.pk)).status_code == 302
    assert run_of(rewrite).state == RunState.CANCELLED
    assert (desk.offers(), run_queue()) == ([], 0)
    assert language_model.control.calls() == []
    assert page(author, rewrite).status_code == 200
    assert take(author, rewrite).status_code == 409
    assert ordered(author, chapter, instruction="Another one").pk != rewrite.pk


def test_a_run_cancelled_at_its_own_address_makes_room_too(author: Client, chapter: Chapter) -> None:
    first = ordered(author, chapter)
    assert author.post(desk.address("run_cancel", "atelier", first.run_id)).status_code == 302
    assert ordered(author, chapter, instruction="Another one").pk != first.pk
    assert desk.again(first).decision == Decision.DISCARDED


def test_a_failed_rewrite_says_why_and_is_tried_again(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("refusal", purpose="section")
    rewrite = ordered(author, chapter)
    run_queue()
    assert run_of(rewrite).state == RunState.FAILED
    assert "declined" in page(author, rewrite).content.decode()
    assert author.post(desk.address("run_retry", "atelier", rewrite.run_id)).status_code == 302
    run_queue()
    assert run_of(rewrite).state == RunState.COMPLETED
    assert desk.again(rewrite).markdown


def test_a_worker_lost_between_two_parts_pays_no_part_twice(
    author: Client, organization: Organization, editor: User, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "120"}
    text = "\n\n".join(f"Paragraph {number} speaks of hives and of roofs at length." for number in range(30))
    chapter = builders.make_chapter(
        builders.make_book(organization, editor), markdown=text, word_count=count_words(text), planned_words=300
    )
    language_model.control.fault("cut", nth=2, after=5)
    rewrite = ordered(author, chapter)
    run_queue()
    assert desk.rows(Run, organization)[0].state == RunState.WRITING
    desk.let_time_pass()
    run_queue()
    assert run_of(rewrite).state == RunState.COMPLETED
    calls = language_model.control.calls()
    assert len(calls) == 4
    assert len({call["digest"] for call in calls}) == 3


def test_a_worker_that_died_over_a_rewrite_is_replaced_and_commits_nothing_more(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    rewrite = ordered(author, chapter)
    (lease,) = desk.offers()
    dead = leases.claim(lease.pk)
    assert dead is not None
    builders.make_call(desk.step_of(run_of(rewrite), "rewrite"), state="asking")
    Lease.objects.filter(pk=lease.pk).update(held_until=desk.in_past(1))
    run_queue()
    assert run_of(rewrite).state == RunState.COMPLETED
    assert [call.state for call in desk.calls_of(run_of(rewrite))] == ["uncertain", "answered"]
    with pytest.raises(leases.LeaseLost), transaction.atomic():
        leases.confirm(dead)


def test_going_back_is_a_version_of_its_own_and_can_be_undone(author: Client, chapter: Chapter) -> None:
    first = desk.again(chapter).markdown
    rewrite = builders.make_rewrite(chapter)
    take(author, rewrite)
    for number, expected in ((1, first), (2, rewrite.markdown)):
        address = desk.address("version_restore", "atelier", chapter.book_id, chapter.pk, number)
        assert author.post(address).status_code == 302
        assert desk.again(chapter).markdown == expected
    assert [one.origin for one in versions(chapter)] == ["written", "rewritten", "restored", "restored"]
    assert author.post(desk.address("version_restore", "atelier", chapter.book_id, chapter.pk, 4)).status_code == 302
    assert len(versions(chapter)) == 4


def test_sources_guide_a_rewrite_and_are_shown_once_it_is_taken(
    author: Client, chapter: Chapter, language_model: Any, run_queue: Perform
) -> None:
    builders.make_source(chapter.book, text="Bees drink from a basin at noon.", title="Notes")
    rewrite = ordered(author, chapter, instruction="Say where bees drink")
    run_queue()
    (use,) = desk.rows(PassageUse, chapter.organization, run_id=rewrite.run_id)
    assert (use.chapter, use.section, use.text) == (1, 1, "Bees drink from a basin at noon.")
    reader = desk.address("chapter", "atelier", chapter.book_id, chapter.pk)
    assert "from a basin" not in author.get(reader).content.decode()
    take(author, rewrite)
    assert "from a basin" in author.get(reader).content.decode()


def test_others_of_the_organization_and_strangers_see_nothing_of_it(
    chapter: Chapter, viewer: User, stranger: Client, client_of: Callable[[User], Client]
) -> None:
    rewrite = builders.make_rewrite(chapter)
    for browser in (stranger, client_of(viewer)):
        assert browser.get(desk.address("rewrite", "atelier", rewrite.pk)).status_code == 404
        assert browser.post(desk.address("rewrite_take", "atelier", rewrite.pk)).status_code == 404
        assert order(browser, chapter).status_code == 404
    assert desk.again(rewrite).decision == Decision.OPEN


def test_the_runs_own_address_leads_to_the_rewrite(author: Client, chapter: Chapter) -> None:
    rewrite = builders.make_rewrite(chapter)
    answer = author.get(desk.address("run", "atelier", rewrite.run_id))
    assert answer["Location"] == desk.address("rewrite", "atelier", rewrite.pk)


def test_a_text_that_was_not_written_by_a_rewrite_is_kept_before_it_is_replaced(
    author: Client, chapter: Chapter
) -> None:
    take(author, builders.make_rewrite(chapter))
    _write(chapter, "Changed by hand.")
    author.post(desk.address("version_restore", "atelier", chapter.book_id, chapter.pk, 1))
    assert [text_of(one)[:7] for one in versions(chapter)][2:] == ["Changed", "A roof "]


def _write(chapter: Chapter, text: str) -> None:
    with tenancy.declared(chapter.organization_id), transaction.atomic():
        by = chapter.book.author
        texts.replace(texts.lock(chapter), text, hand=Hand.of_person(by.pk), origin=VersionOrigin.EDITED, by=by)


def test_who_may_read_but_not_change_a_book_follows_no_proposal(
    organization: Organization, editor: User, owner: User
) -> None:
    book = builders.make_book(organization, owner, visibility="internal")
    rewrite = builders.make_rewrite(builders.make_chapter(book))
    with tenancy.declared(organization.pk), transaction.atomic():
        for person, sees in ((owner, True), (editor, False)):
            assert open_to(resolve(person, "atelier")).filter(pk=rewrite.run_id).exists() == sees


def test_a_book_that_became_private_leaves_the_desk_of_others(
    organization: Organization, editor: User, owner: User, client_of: Callable[[User], Client]
) -> None:
    book = builders.make_book(organization, editor, visibility="internal", status="review")
    run = builders.make_run(book, kind=RunKind.REWRITE, state=RunState.COMPLETED, started_by=owner)
    builders.make_rewrite(builders.make_chapter(book), run=run)
    builders.make_run(book, state=RunState.FAILED, started_by=owner)
    home, browser = desk.address("home", "atelier"), client_of(owner)
    assert not browser.get(home).context["desk"].is_idle
    with tenancy.declared(organization.pk):
        Book.objects.filter(pk=book.pk).update(visibility="private")
    assert browser.get(home).context["desk"].is_idle

"""What a long book keeps to: facts from its outline, the author's to change, and a running summary of each chapter."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from books.jobs import memory
from books.jobs.prompts import PlannedChapter
from books.models import Run, RunState
from books.models.runs import LONGEST_FACT, MOST_FACTS
from tests.books import desk
from tests.books.parrot import parrot

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]
LONG = {"chapter_count": 3, "words_per_chapter": 1000}


def outlined(author: Client, run_queue: Perform, **overrides: Any) -> Run:
    run = desk.begin(author, **overrides)
    run_queue()
    return desk.again(run)


def purposes(run: Run) -> list[str]:
    return [call.purpose for call in desk.calls_of(run)]


def test_a_long_book_lists_what_it_keeps_to(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = outlined(author, run_queue, **LONG)
    assert purposes(run) == ["outline", "facts"]
    assert 1 <= len(run.facts) <= MOST_FACTS
    assert all(0 < len(fact) <= LONGEST_FACT for fact in run.facts)
    assert run.facts[0] in author.get(desk.address("outline", "atelier", run.pk)).content.decode()


def test_a_short_book_asks_for_none(author: Client, language_model: Any, run_queue: Perform) -> None:
    assert purposes(outlined(author, run_queue, chapter_count=4, words_per_chapter=400)) == ["outline"]
    assert not memory.is_long([5000, 5000])
    assert not memory.is_long([300] * 9)


@pytest.mark.parametrize("answer", ["no JSON", "[]", '{"facts": "one"}', '{"facts": [1]}', '{"facts": []}'])
def test_an_answer_that_is_no_list_of_facts_leaves_none(
    answer: str, author: Client, settings: Any, run_queue: Perform
) -> None:
    chapters = ", ".join(f'{{"title": "T{number}", "points": ["a"]}}' for number in range(3))
    with parrot(lambda purpose: answer if purpose == "facts" else f'{{"chapters": [{chapters}]}}') as url:
        settings.LANGUAGE_MODEL = {
            **settings.LANGUAGE_MODEL, "LLM_URL": url, "LLM_MODEL": "parrot", "LLM_CONTEXT_TOKENS": "16384"
        }  # fmt: skip
        run = outlined(author, run_queue, **LONG)
    assert (run.state, run.facts) == (RunState.AWAITING_APPROVAL, [])


def test_the_author_changes_the_facts_and_every_section_is_told(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue)
    facts = "The hive is called Ada.\r\n\r\n  Honey is spun in June  \nHoney is spun in June"
    assert desk.approve(author, run, facts=facts) == 302
    assert desk.again(run).facts == ["The hive is called Ada.", "Honey is spun in June"]
    language_model.control.fault("503", purpose="section")
    run_queue()
    sections = [call for call in desk.calls_of(run) if call.purpose == "section"]
    assert len({call.input_hash for call in sections}) == 2


@pytest.mark.parametrize(
    "facts", ["x" * (LONGEST_FACT + 1), "\n".join(f"fact {n}" for n in range(MOST_FACTS + 1)), "\x07"]
)
def test_too_many_or_too_long_facts_are_refused_and_kept_on_the_page(
    facts: str, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue)
    answer = author.post(desk.address("outline", "atelier", run.pk), desk.outline_form(run, facts=facts, save="1"))
    assert answer.status_code == 422
    assert answer.context["facts"].errors
    assert desk.again(run).facts == []


def test_facts_that_are_typed_stay_when_a_chapter_is_added(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue)
    page = author.post(
        desk.address("outline", "atelier", run.pk), desk.outline_form(run, add="1", facts="The hive is called Ada.")
    )
    assert "The hive is called Ada." in page.content.decode()


def test_a_long_chapter_is_summed_up_for_its_later_sections(
    author: Client, language_model: Any, run_queue: Perform, settings: Any
) -> None:
    settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "LLM_SECTION_WORDS": "320"}
    run = outlined(author, run_queue, chapter_count=1, words_per_chapter=1200, approves_itself="on")
    assert purposes(run) == ["outline", "section", "section", "summary", "section", "summary", "section", "blurb"]


def test_chapters_know_their_neighbours_in_a_long_book_alone() -> None:
    def outline(words: int) -> list[PlannedChapter]:
        return [PlannedChapter(position, f"T{position}", f"S{position}", (), words) for position in (1, 2, 3)]

    before, after = memory.neighbours(outline(1000), 2)
    assert before is not None
    assert after is not None
    assert (before.title, after.title) == ("T1", "T3")
    assert memory.neighbours(outline(1000), 1)[0] is memory.neighbours(outline(1000), 3)[1] is None
    assert memory.neighbours(outline(200), 2) == (None, None)

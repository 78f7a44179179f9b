"""The outline: asked for in parts, checked against its schema, repaired once, changed by its author."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from books.jobs.outcome import Unusable
from books.jobs.outlining import parse
from books.models import OutlineEntry, Run, RunState, StepKind, StepState
from tests.books import desk

pytestmark = pytest.mark.django_db
Perform = Callable[[], int]


def outlined(author: Client, run_queue: Perform, **overrides: Any) -> Run:
    """A run whose outline waits for its author."""
    run = desk.begin(author, **overrides)
    run_queue()
    return desk.again(run)


def entries(run: Run) -> list[OutlineEntry]:
    return sorted(desk.rows(OutlineEntry, run.organization, run=run), key=lambda entry: entry.position)


def test_an_outline_has_the_chapters_asked_for(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = outlined(author, run_queue, chapter_count=12)
    assert run.state == RunState.AWAITING_APPROVAL
    assert [entry.position for entry in entries(run)] == list(range(1, 13))
    assert len({entry.title for entry in entries(run)}) == 12
    assert {entry.words for entry in entries(run)} == {200}
    assert all(entry.summary and 2 <= len(entry.points) <= 4 for entry in entries(run))
    assert [call["purpose"] for call in language_model.control.calls()] == ["outline", "outline"]


def test_a_broken_outline_is_repaired_once(author: Client, language_model: Any, run_queue: Perform) -> None:
    language_model.control.fault("invalid_json", purpose="outline")
    run = outlined(author, run_queue)
    assert run.state == RunState.AWAITING_APPROVAL
    assert len(entries(run)) == 2
    assert [call.purpose for call in desk.calls_of(run)] == ["outline", "repair"]


def test_an_outline_broken_twice_fails_with_a_message_and_a_retry_asks_afresh(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    language_model.control.fault("invalid_json", purpose="outline")
    language_model.control.fault("invalid_json", purpose="repair")
    run = outlined(author, run_queue)
    step = desk.step_of(run, StepKind.OUTLINE)
    assert (run.state, step.state, step.problem_code) == (RunState.FAILED, StepState.FAILED, "unusable")
    assert "outline could not be used" in run.problem
    assert entries(run) == []
    assert desk.act(author, run, "retry") == 302
    run_queue()
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert [(call.purpose, call.attempt) for call in desk.calls_of(run)] == [
        ("outline", 1), ("repair", 1), ("outline", 2)
    ]  # fmt: skip


def test_what_the_model_is_told_about_a_fault_depends_on_nobodys_language() -> None:
    with pytest.raises(Unusable) as caught:
        parse('{"chapters": [{"title": "One"}]}', 2)
    assert caught.value.fault == "it has 1 chapters instead of 2"


@pytest.mark.parametrize(
    "answer",
    ["", "[", "null", "[]", "{}", '{"chapters": 3}', '{"chapters": []}', '{"chapters": [{"title": ""}]}',
     '{"chapters": [{"title": 7}]}', "[" * 100_000, '{"chapters": [{"title": "A", "points": [[]]}]}', "9" * 5000],
)  # fmt: skip
def test_an_answer_that_is_no_outline_is_unusable(answer: str) -> None:
    with pytest.raises(Unusable):
        parse(answer, 1)


def test_an_outline_inside_a_fence_and_longer_than_asked_is_used() -> None:
    (chapter,) = parse('```json\n{"chapters": [{"title": " One "}, {"title": "Two"}]}\n```', 1)
    assert chapter.title == "One"


def test_the_author_changes_reorders_adds_and_removes_chapters(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue, chapter_count=3)
    first, _second, third = [entry.title for entry in entries(run)]
    form = desk.outline_form(run) | {
        "form-TOTAL_FORMS": 4,
        "form-0-position": 9,
        "form-0-points": "one\r\n\r\n  two  ",
        "form-1-remove": "on",
        "form-2-words": 900,
        "form-3-position": 2,
        "form-3-title": "Honey\u00a0 and   wax",
        "form-3-words": 300,
    }
    assert author.post(desk.address("outline", "atelier", run.pk), form).status_code == 302
    kept = entries(run)
    assert [(entry.position, entry.title) for entry in kept] == [(1, "Honey and wax"), (2, third), (3, first)]
    assert [entry.words for entry in kept] == [300, 900, 200]
    assert kept[2].points == ["one", "two"]
    assert desk.again(run).state == RunState.AWAITING_APPROVAL
    assert desk.trail(run)[-1] == "outline.saved"


def test_an_empty_entry_is_added_without_losing_what_was_typed(
    author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue)
    page = author.post(
        desk.address("outline", "atelier", run.pk), desk.outline_form(run, add="1") | {"form-0-title": "Typed"}
    )
    assert page.status_code == 200
    assert len(page.context["forms"].forms) == 3
    assert 'value="Typed"' in page.content.decode()
    assert len(entries(run)) == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("form-0-title", ""), ("form-0-title", "x" * 151), ("form-0-title", "bell\x07"), ("form-0-title", "nul\x00"),
     ("form-0-summary", "x" * 1001), ("form-0-points", "x" * 301), ("form-0-points", "\n".join("abcdefghijklm")),
     ("form-0-words", "199"), ("form-0-words", "5001"), ("form-0-words", "many"), ("form-0-position", "0"),
     ("form-TOTAL_FORMS", "0"), ("form-TOTAL_FORMS", "-1"), ("form-TOTAL_FORMS", "x"), ("form-TOTAL_FORMS", "100000")],
)  # fmt: skip
def test_an_impossible_outline_is_answered_422_and_changes_nothing(
    field: str, value: str, author: Client, language_model: Any, run_queue: Perform
) -> None:
    run = outlined(author, run_queue)
    before = [entry.pk for entry in entries(run)]
    form = desk.outline_form(run, approve="1", accepted_credits="1000") | {field: value}
    assert author.post(desk.address("outline", "atelier", run.pk), form).status_code == 422
    assert [entry.pk for entry in entries(run)] == before
    assert desk.again(run).state == RunState.AWAITING_APPROVAL


def test_a_book_keeps_one_to_fifty_chapters(author: Client, language_model: Any, run_queue: Perform) -> None:
    run = outlined(author, run_queue)
    none = desk.outline_form(run) | {"form-0-remove": "on", "form-1-remove": "on"}
    many = {f"form-{index}-title": f"Chapter of {index}" for index in range(51)}
    many |= {f"form-{index}-words": "200" for index in range(51)} | {
        "form-TOTAL_FORMS": "51",
        "form-INITIAL_FORMS": "0",
    }
    for form in (none, many):
        answer = author.post(desk.address("outline", "atelier", run.pk), form)
        assert answer.status_code == 422
        assert "1 to 50 chapters" in answer.content.decode()
    assert len(entries(run)) == 2

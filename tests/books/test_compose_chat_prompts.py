"""Prompts of the chat: the same brief gives the same bytes, the outline always stands, and everything fits."""

from typing import Any

import pytest

from books.jobs import chat_prompts
from books.models import ChatKind
from books.providers.language_models import ModelRequest


def brief(**overrides: Any) -> dict[str, Any]:
    """A brief as it is fixed when a question is asked."""
    fields = {
        "title": "Bees on City Roofs", "subtitle": "", "topic": "Keeping bees", "goal": "", "language": "en",
        "genre": "guide", "audience": "general", "difficulty": "beginner", "tone": "warm",
        "kind": "question", "speaks": "en", "question": "What is the smoker for?", "about": "", "chapter": "",
        "outline": [[1, "The First Hive", "Where the boxes stand."], [2, "Calm Bees", ""]],
        "passages": [[2, 1, "Calm Bees", "Light the smoker."], [1, 3, "The First Hive", "Boxes are heavy."]],
        "turns": [["How many hives?", "Two."]], "known": [], "window": 8192,
    }  # fmt: skip
    return fields | overrides


def size(request: ModelRequest) -> int:
    """Tokens of prompt and answer, counted as generously as the prompts do."""
    return request.max_tokens + sum(len(message.text) // 3 for message in request.messages)


def test_the_same_brief_gives_the_same_bytes() -> None:
    assert chat_prompts.question(brief()).digest("m") == chat_prompts.question(brief()).digest("m")
    assert chat_prompts.question(brief(question="Why?")).digest("m") != chat_prompts.question(brief()).digest("m")


def test_outline_text_and_conversation_stand_in_the_prompt_in_the_books_order() -> None:
    request = chat_prompts.question(brief())
    system = request.messages[0].text
    assert "1. The First Hive: Where the boxes stand.\n2. Calm Bees" in system
    assert system.index("Boxes are heavy.") < system.index("Light the smoker.")
    assert [(one.role, one.text) for one in request.messages[1:]] == [
        ("user", "How many hives?"), ("assistant", "Two."), ("user", "What is the smoker for?"),
    ]  # fmt: skip


@pytest.mark.parametrize("window", [2048, 4096, 8192])
def test_a_long_book_and_a_long_talk_fit_the_window(window: int) -> None:
    outline = [[number, f"Chapter {number}", "It tells what happens. " * 8] for number in range(1, 51)]
    passages = [[number, 1, "A Chapter", "Many words of a text. " * 60] for number in range(1, 20)]
    turns = [["Why so? " * 20, "Because of this. " * 80]] * 12
    request = chat_prompts.question(brief(window=window, outline=outline, passages=passages, turns=turns))
    assert size(request) <= window
    assert "50. Chapter 50" in request.messages[0].text


def test_a_french_reader_is_answered_in_french() -> None:
    request = chat_prompts.question(brief(speaks="fr"))
    assert "Réponds à l’auteur en français" in request.messages[0].text
    assert "« Bees on City Roofs »" in request.messages[0].text.replace("\u00a0", " ")


def test_a_language_without_sentences_is_asked_in_english() -> None:
    assert "Answer the author in de" in chat_prompts.question(brief(speaks="de")).messages[0].text


@pytest.mark.parametrize("kind", [ChatKind.TITLES, ChatKind.OPENINGS, ChatKind.SCENES])
def test_ideas_come_as_json_of_five(kind: ChatKind) -> None:
    request = chat_prompts.ideas(brief(kind=kind, known=["Known One"]))
    assert request.json_schema == chat_prompts.ideas_schema(kind)
    assert "- Known One" in request.messages[-1].text
    assert size(request) <= 8192

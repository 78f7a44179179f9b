"""What the model is asked for when it reads a chapter: pure functions of rows fixed at the order (ruling 16).

Sentences are numbered: a small model that finds no exact words finds a number, and an answer is placed by both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from books.jobs import review_wordings, wordings
from books.jobs.prompts import Memory, system_message
from books.models import SuggestionKind, SuggestionSeverity
from books.providers.language_models import Message, ModelRequest
from core.sentences import Sentence

LEAST, MOST, WORDS_A_SUGGESTION = 3, 8, 60  # how many suggestions a part is good for
SUGGESTION_TOKENS = 260
LONGEST_QUOTE, LONGEST_PROPOSAL, LONGEST_REASON = 300, 400, 200  # characters


def review(
    brief: Mapping[str, Any],
    titles: Sequence[str],
    *,
    title: str,
    sentences: Sequence[Sentence],
    kinds: Sequence[str],
    memory: Memory,
) -> ModelRequest:
    """Ask for suggestions of these kinds for these sentences of a chapter, by their numbers from 1."""
    say, most = review_wordings.of(brief["language"]), most_of(sentences)
    quoted = wordings.of(brief["language"]).quoted.format(title)
    listed = "\n".join(f"[{number}] {one.line}" for number, one in enumerate(sentences, 1))
    order = say.order.format(most=most, kinds=", ".join(say.kinds[SuggestionKind(kind)] for kind in kinds))
    rules = say.rules.format(language=wordings.name(brief["language"]))
    author = system_message(brief, titles, memory)
    return ModelRequest(
        messages=(
            Message("system", f"{author.text}\n\n{say.editor}"),
            Message("user", f"{say.sentences.format(title=quoted)}\n{listed}\n\n{order} {rules}"),
        ),
        max_tokens=answer_tokens(most),
        temperature=0.3,
        json_schema=schema(len(sentences), kinds, most),
        schema_name="suggestions",
        purpose="review",
    )


def most_of(sentences: Sequence[Sentence]) -> int:
    """How many suggestions are asked for at most."""
    return max(LEAST, min(MOST, sum(one.words for one in sentences) // WORDS_A_SUGGESTION))


def answer_tokens(suggestions: int) -> int:
    """Tokens that an answer with so many suggestions may take."""
    return 150 + SUGGESTION_TOKENS * suggestions


def schema(sentences: int, kinds: Sequence[str], most: int) -> dict[str, object]:
    """JSON schema of at most that many suggestions for that many numbered sentences."""
    suggestion = {
        "type": "object",
        "properties": {
            "sentence": {"type": "integer", "minimum": 1, "maximum": sentences},
            "kind": {"type": "string", "enum": list(kinds)},
            "quote": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUOTE},
            "reason": {"type": "string", "maxLength": LONGEST_REASON},
            "proposal": {"type": "string", "maxLength": LONGEST_PROPOSAL},
            "severity": {"type": "string", "enum": list(SuggestionSeverity)},
        },
        "required": ["sentence", "kind", "quote", "reason", "proposal", "severity"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"suggestions": {"type": "array", "items": suggestion, "maxItems": most}},
        "required": ["suggestions"],
        "additionalProperties": False,
    }

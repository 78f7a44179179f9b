"""What a model proposes for numbered sentences, made into drafts that quote the text itself."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz

from books.jobs import prompts
from books.jobs.outcome import Unusable
from books.models import SuggestionKind, SuggestionSeverity
from books.models.notes import LONGEST_REASON
from books.transitions.proposals import Draft
from core.diffs import edits
from core.sentences import Sentence
from core.text import clean_line, normalize, without_control_characters

ALIKE = 60.0  # per cent: a proposal so much like the whole sentence, and more than like the quote, replaces all of it


class SuggestionAnswer(BaseModel):
    """One suggestion as the model answers it."""

    sentence: int
    kind: SuggestionKind
    quote: str
    proposal: str
    reason: str = ""
    severity: SuggestionSeverity = SuggestionSeverity.INFO


class ReviewAnswer(BaseModel):
    """All of them; each is looked at by itself, so that a broken one spoils no other."""

    suggestions: list[object]


@dataclass(frozen=True)
class Found:
    """Drafts at their places, and how many were left out: they quote what stands nowhere, or change nothing."""

    drafts: tuple[Draft, ...] = ()
    dropped: int = 0

    def __add__(self, other: "Found") -> "Found":
        return Found(self.drafts + other.drafts, self.dropped + other.dropped)


def read(answer: str, sentences: Sequence[Sentence], kinds: Sequence[str], to_check: str) -> Found:
    """The drafts of these kinds in an answer about these sentences. Raises Unusable for what is no list of them at all.

    `to_check` is put behind a fact that the model doubts without knowing better.
    """
    try:
        listed = ReviewAnswer.model_validate(prompts.as_json(answer)).suggestions
    except ValidationError as error:
        raise _unusable("it does not have the agreed shape") from error
    except (ValueError, RecursionError) as error:
        raise _unusable("it is not valid JSON") from error
    drafts = [_draft(one, sentences, kinds, to_check) for one in listed]
    kept = dict.fromkeys(draft for draft in drafts if draft)
    return Found(tuple(kept), drafts.count(None))


def _draft(given: object, sentences: Sequence[Sentence], kinds: Sequence[str], to_check: str) -> Draft | None:
    """One suggestion at its place; None for one to leave out."""
    try:
        answer = SuggestionAnswer.model_validate(given)
    except ValidationError:
        return None
    place = _place(_bare(answer.quote), answer.sentence, sentences)
    if place is None or answer.kind not in kinds:
        return None
    quote, start = place
    proposal = _bare(answer.proposal)
    sentence = next(one for one in sentences if one.start <= start < one.end)
    if _is_for_all(proposal, quote, sentence):
        quote, start = sentence.text, sentence.start
    if proposal == quote and answer.kind == SuggestionKind.FACT_CHECK and not quote.endswith(to_check):
        proposal = f"{quote} {to_check}"
    reason = clean_line(without_control_characters(answer.reason))[:LONGEST_REASON]
    draft = Draft(quote, proposal, answer.kind, answer.severity, reason, start, start + len(quote))
    return _narrowed(draft) if proposal != quote else None


def _place(quote: str, number: int, sentences: Sequence[Sentence]) -> tuple[str, int] | None:
    """The words as they stand, and where: once in the sentence of that number, else once in all of them."""
    if not quote:
        return None
    words = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    named = sentences[number - 1 : number] if number > 0 else []
    for among in (named, sentences):
        hits = [(hit[0], one.start + hit.start()) for one in among for hit in words.finditer(one.text)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            return None
    return None


def _is_for_all(proposal: str, quote: str, sentence: Sentence) -> bool:
    """Whether the proposal is the whole sentence anew, though only some of its words were quoted."""
    likeness = fuzz.ratio(proposal, sentence.text)
    return quote != sentence.text and likeness >= ALIKE and likeness > fuzz.ratio(proposal, quote)


def _narrowed(draft: Draft) -> Draft:
    """The same change on no more words than it changes."""
    changes = edits(draft.quote, draft.proposal)
    first, last, at = changes[0], changes[-1], draft.start or 0
    return replace(
        draft,
        quote=draft.quote[first.start : last.end],
        proposal=draft.proposal[first.new_start : last.new_end],
        start=at + first.start,
        end=at + last.end,
    )


def _bare(text: str) -> str:
    return without_control_characters(normalize(text)).strip()


def _unusable(fault: str) -> Unusable:
    said = _("The model's suggestions could not be used, not even at the second try. Try again, or another model.")
    return Unusable(said, fault=fault)

"""What a language brings to scripted prose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """Sentence patterns, the phrases that fill their slots, and the parts of an outline."""

    sentences: Sequence[str]
    openings: Sequence[str]
    phrases: Mapping[str, Sequence[str]]
    title_patterns: Sequence[str]
    title_words: Sequence[str]
    summaries: Sequence[str]
    points: Sequence[str]
    notes: Sequence[str]
    blurb: str
    refusal: str

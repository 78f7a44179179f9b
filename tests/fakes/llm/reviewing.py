"""Scripted suggestions: each third of the numbered sentences is quoted and said otherwise."""

import random
import re
from collections.abc import Mapping
from typing import Any

SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
DOUBTED = "fact_check"
MOST = 8  # where the schema leaves it open


def numbered(prompt: str) -> dict[int, str]:
    """The sentences a prompt lists, by their numbers."""
    return {int(number): text for number, text in SENTENCE.findall(prompt)}


def suggestions(chance: random.Random, prompt: str, schema: Mapping[str, Any]) -> list[dict[str, object]]:
    """One suggestion for each third sentence, as the schema of one says; doubts repeat what they quote."""
    fields, most = schema["items"]["properties"], schema.get("maxItems", MOST)
    found: list[dict[str, object]] = []
    for number, text in list(numbered(prompt).items())[: 3 * most : 3]:
        kind = fields["kind"]["enum"][len(found) % len(fields["kind"]["enum"])]
        words = text.split()[:4]
        quote = " ".join(words)
        found.append(
            {
                "sentence": number,
                "kind": kind,
                "quote": quote,
                "reason": f"Sentence {number} says this too softly.",
                "proposal": quote if kind == DOUBTED else " ".join([words[0], "indeed", *words[1:]]),
                "severity": chance.choice(fields["severity"]["enum"]),
            }
        )
    return found

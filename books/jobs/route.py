"""Which language model answers."""

import json
from functools import cache

from django.conf import settings

from books.providers.language_models import LanguageModel, OpenAICompatible, discover

FALLBACK_CONTEXT = 8192
PROMPT_TOKENS = 2400  # the brief, titles, facts and neighbours, a summary and the tail of the chapter so far
MAX_SECTION_WORDS = 900


@cache
def model() -> LanguageModel:
    """The configured model, or the small local one; found out once a process. Raises ModelError when it is away."""
    chosen = settings.LANGUAGE_MODEL
    name, context = chosen["LLM_MODEL"], int(chosen["LLM_CONTEXT_TOKENS"] or 0)
    if not name or not context:
        found = discover(chosen["LLM_URL"], chosen["LLM_API_KEY"], model=name)
        name, context = name or found.name, context or found.context_tokens or FALLBACK_CONTEXT
    return OpenAICompatible(
        base_url=chosen["LLM_URL"],
        api_key=chosen["LLM_API_KEY"],
        model=name,
        label=chosen["LLM_LABEL"] or name,
        context_tokens=context,
        extra=json.loads(chosen["LLM_EXTRA"] or "{}"),
        first_byte_seconds=float(chosen["LLM_FIRST_BYTE_SECONDS"]),
        idle_seconds=float(chosen["LLM_IDLE_SECONDS"]),
        total_seconds=float(chosen["LLM_TOTAL_SECONDS"]),
    )


def section_words(context_tokens: int) -> int:
    """How many words one call may be asked for, so that prompt and answer fit the model's context."""
    fixed = settings.LANGUAGE_MODEL["LLM_SECTION_WORDS"]
    return int(fixed) if fixed else max(120, min(MAX_SECTION_WORDS, (context_tokens - PROMPT_TOKENS) // 2))

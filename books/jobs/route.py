"""Which language model answers."""

from functools import cache

from django.conf import settings

from books.providers.language_models import LanguageModel, OpenAICompatible, discover

FALLBACK_CONTEXT = 8192
PROMPT_TOKENS = 1100  # the brief, the outline's titles and the tail of the chapter so far
MAX_SECTION_WORDS = 900


@cache
def model() -> LanguageModel:
    """The configured model, or the small local one; found out once a process. Raises ModelError when it is away."""
    address = settings.LLM_ADDRESS()
    name, context = address.model, address.context_tokens
    if not name or not context:
        found = discover(address.url, address.api_key)
        name, context = name or found.name, context or found.context_tokens or FALLBACK_CONTEXT
    return OpenAICompatible(
        base_url=address.url,
        api_key=address.api_key,
        model=name,
        label=address.label or name,
        context_tokens=context,
        extra=address.extra,
        first_byte_seconds=settings.LLM_FIRST_BYTE_SECONDS,
        idle_seconds=settings.LLM_IDLE_SECONDS,
        total_seconds=settings.LLM_TOTAL_SECONDS,
    )


def section_words(context_tokens: int) -> int:
    """How many words one call may be asked for, so that prompt and answer fit the model's context."""
    if settings.LLM_SECTION_WORDS:
        return int(settings.LLM_SECTION_WORDS)
    return max(120, min(MAX_SECTION_WORDS, (context_tokens - PROMPT_TOKENS) // 2))

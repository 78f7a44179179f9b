"""A list of models as one: the next is asked when one cannot give the answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from books.providers.language_models.errors import ContextTooLong, ModelError, Refused, Rejected
from books.providers.language_models.protocol import Fallback, LanguageModel, ModelAnswer, ModelRequest

LONGEST_WAIT_SECONDS = 10  # a provider that wants to be left alone for longer is not waited for


class FallbackModel:
    """Asks `models` in order, each at most once per call; keeps nothing between two calls.

    Falls back at once on what the same model would say again: Rejected (NotAuthorized, ModelNotFound, QuotaSpent among
    them), Refused and ContextTooLong, this one only to a model with a larger window; and where the provider names
    a wait of more than 10 s. Falls back on every retryable error (RateLimited, ProviderUnavailable, TimedOut, CutShort,
    Malformed) when `exhausted`: the caller has waited and asked again as often as it cares to, and says so by asking
    through a FallbackModel made for its last try; before that, they are raised, to be tried again with the model that
    is preferred. Never falls back on Stopped, nor on an error that is no ModelError: what a listener raised is no
    model's fault.

    When all have failed, the first retryable error is raised, because there waiting helps; else the last one. Text
    that `on_text` was given before a fallback is void; `on_fallback` is called in between, in the same thread.
    """

    def __init__(
        self,
        models: Sequence[LanguageModel],
        on_fallback: Callable[[Fallback], None] | None = None,
        *,
        exhausted: bool = False,
    ) -> None:
        if not models:
            raise ValueError("a list of models has at least one")
        self._models = tuple(models)
        self._on_fallback = on_fallback or (lambda _fallback: None)
        self._exhausted = exhausted
        self.name = models[0].name
        self.label = models[0].label
        # What fits the smallest fits whichever answers.
        self.context_tokens = min(model.context_tokens for model in models)

    def ask(
        self,
        request: ModelRequest,
        *,
        on_text: Callable[[str], None] | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> ModelAnswer:
        """Return the first answer, with the models that failed before it. Raises ModelError."""
        fallbacks: list[Fallback] = []
        errors: list[ModelError] = []
        left = list(self._models)
        while True:
            model, began = left.pop(0), time.monotonic()
            try:
                answer = model.ask(request, on_text=on_text, stopped=stopped)
            except ModelError as error:
                errors.append(error)
                left = self._after(error, model, left)
                if not left:
                    raise _most_hopeful(errors) from error
                fallbacks.append(_fallback(model, error, time.monotonic() - began, left[0]))
                self._on_fallback(fallbacks[-1])
            else:
                return replace(answer, fallbacks=(*fallbacks, *answer.fallbacks))

    def _after(self, error: ModelError, model: LanguageModel, left: list[LanguageModel]) -> list[LanguageModel]:
        """Who may still be asked after this error."""
        if isinstance(error, ContextTooLong):
            return [one for one in left if one.context_tokens > model.context_tokens]
        at_once = isinstance(error, Rejected | Refused) or (error.retry_after or 0) > LONGEST_WAIT_SECONDS
        return left if at_once or (error.retryable and self._exhausted) else []


def _most_hopeful(errors: list[ModelError]) -> ModelError:
    return next((error for error in errors if error.retryable), errors[-1])


def _fallback(model: LanguageModel, error: ModelError, seconds: float, following: LanguageModel) -> Fallback:
    return Fallback(
        name=model.name,
        label=model.label,
        code=error.code,
        message=error.message,
        after_ms=round(seconds * 1000),
        next_name=following.name,
        next_label=following.label,
    )

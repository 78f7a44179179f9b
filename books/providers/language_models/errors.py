"""How a call to a language model may end without an answer. Every message can be shown to the author."""

from typing import ClassVar

from django.utils.translation import gettext as _


class ModelError(Exception):
    """A call that gave no usable answer.

    `code` is stable and goes into the journal; `message` is a sentence in the language active when it was
    raised; `retryable` says whether the same call may do better later; `retry_after` is the least wait in
    seconds if the provider named one; `detail` is what the provider said, shortened: for operators, and never
    for a log, since it may quote the author.
    """

    code: ClassVar[str] = "model"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, retry_after: float | None = None, detail: str = "") -> None:
        self.message = message or self.sentence()
        self.retry_after = retry_after
        self.detail = detail[:300]
        super().__init__(f"{self.code}: {self.message}")

    @classmethod
    def sentence(cls) -> str:
        """What is shown when the place that raised had nothing more precise to say."""
        return _("The language model gave no answer.")


class RateLimited(ModelError):
    """429: asked too often; `retry_after` when the provider said for how long."""

    code, retryable = "rate_limited", True

    @classmethod
    def sentence(cls) -> str:
        return _("The language model is asked too often at the moment. The work goes on by itself in a while.")


class ProviderUnavailable(ModelError):
    """5xx, a refused or reset connection, a name that does not resolve."""

    code, retryable = "unavailable", True

    @classmethod
    def sentence(cls) -> str:
        return _("The language model cannot be reached at the moment. The work goes on by itself when it can.")


class TimedOut(ModelError):
    """No connection, no first text, no next text or no end within the time allowed."""

    code, retryable = "timed_out", True

    @classmethod
    def sentence(cls) -> str:
        return _("The language model took too long to answer. It is asked again in a while.")


class CutShort(ModelError):
    """The stream ended before the model said that it had finished."""

    code, retryable = "cut_short", True

    @classmethod
    def sentence(cls) -> str:
        return _("The language model's answer broke off. It is asked again in a while.")


class Malformed(ModelError):
    """What came is not an answer in the agreed shape."""

    code, retryable = "malformed", True

    @classmethod
    def sentence(cls) -> str:
        return _("The language model's answer could not be understood. It is asked again in a while.")


class Refused(ModelError):
    """The model declined, or its provider's filter held the text back."""

    code = "refused"

    @classmethod
    def sentence(cls) -> str:
        return _("The language model declined to write this. Change the outline or topic, or choose another model.")


class ContextTooLong(ModelError):
    """Prompt and answer together do not fit the model's window."""

    code = "context_too_long"

    @classmethod
    def sentence(cls) -> str:
        return _("This part is too long for the language model. Shorten the plan or choose a larger model.")


class Rejected(ModelError):
    """The request cannot succeed as it stands, until an operator changes something."""

    code = "rejected"

    @classmethod
    def sentence(cls) -> str:
        return _("The language model's server rejected the request. An operator has to look at the configuration.")


class NotAuthorized(Rejected):
    """401 or 403: the key is missing, wrong, or may not use this model."""

    code = "not_authorized"

    @classmethod
    def sentence(cls) -> str:
        return _("The language model's server refused the key. An operator should check LLM_API_KEY or MODEL_ROUTES.")


class ModelNotFound(Rejected):
    """404: no such model, or no such address."""

    code = "model_not_found"

    @classmethod
    def sentence(cls) -> str:
        return _(
            "The language model's server has no such model. "
            "An operator should check LLM_MODEL and LLM_URL, or MODEL_ROUTES."
        )


class QuotaSpent(Rejected):
    """429 with `insufficient_quota`: waiting does not help, paying the provider does."""

    code = "quota_spent"

    @classmethod
    def sentence(cls) -> str:
        return _("The account at the language model's provider has no credit left. An operator has to refill it.")


class Stopped(ModelError):
    """The caller's own `stopped()` said so; the connection is closed and the provider stops writing."""

    code = "stopped"

    @classmethod
    def sentence(cls) -> str:
        return _("The work was stopped.")

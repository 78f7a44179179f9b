"""How a step may end other than done."""

from django.utils.translation import gettext as _

from books.providers.language_models import ModelError


class Interrupted(Exception):
    """The run was paused: the step stops between two calls, with everything finished so far in the journal."""


class Unusable(Exception):
    """The model answered, but nothing can be made of it, even after the repair try. The message can be shown.

    `fault` says in English what is wrong with it: for the model, whose prompts depend on nobody's language (ruling 16).
    """

    def __init__(self, message: str, *, fault: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fault = fault


class OurFault(ModelError):
    """An error nobody foresaw: logged with its trace, tried again a few times, then shown as ours."""

    code, retryable = "internal", True

    @classmethod
    def sentence(cls) -> str:
        return _("Something went wrong on our side. The work goes on by itself in a while.")

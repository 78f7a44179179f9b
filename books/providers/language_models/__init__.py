"""Language models behind one Protocol. Importing this loads no SDK: an adapter does when first asked."""

from books.providers.language_models.discovery import DiscoveredModel, discover
from books.providers.language_models.errors import (
    ContextTooLong,
    CutShort,
    Malformed,
    ModelError,
    ModelNotFound,
    NotAuthorized,
    ProviderUnavailable,
    QuotaSpent,
    RateLimited,
    Refused,
    Rejected,
    Stopped,
    TimedOut,
)
from books.providers.language_models.openai_compatible import OpenAICompatible
from books.providers.language_models.protocol import LanguageModel, Message, ModelAnswer, ModelRequest

__all__ = [
    "ContextTooLong",
    "CutShort",
    "DiscoveredModel",
    "LanguageModel",
    "Malformed",
    "Message",
    "ModelAnswer",
    "ModelError",
    "ModelNotFound",
    "ModelRequest",
    "NotAuthorized",
    "OpenAICompatible",
    "ProviderUnavailable",
    "QuotaSpent",
    "RateLimited",
    "Refused",
    "Rejected",
    "Stopped",
    "TimedOut",
    "discover",
]

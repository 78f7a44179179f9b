"""Language models behind one Protocol. Importing this loads no SDK: an adapter does when first asked."""

from books.providers.language_models.anthropic_messages import AnthropicModel
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
from books.providers.language_models.fallback import FallbackModel
from books.providers.language_models.openai_compatible import OpenAICompatible
from books.providers.language_models.openai_platform import AzureModel, OpenAIModel
from books.providers.language_models.prices import Price, price
from books.providers.language_models.protocol import Fallback, LanguageModel, Message, ModelAnswer, ModelRequest

__all__ = [
    "AnthropicModel",
    "AzureModel",
    "ContextTooLong",
    "CutShort",
    "DiscoveredModel",
    "Fallback",
    "FallbackModel",
    "LanguageModel",
    "Malformed",
    "Message",
    "ModelAnswer",
    "ModelError",
    "ModelNotFound",
    "ModelRequest",
    "NotAuthorized",
    "OpenAICompatible",
    "OpenAIModel",
    "Price",
    "ProviderUnavailable",
    "QuotaSpent",
    "RateLimited",
    "Refused",
    "Rejected",
    "Stopped",
    "TimedOut",
    "discover",
    "price",
]

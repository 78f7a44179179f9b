"""People, what they agreed to, and how they leave."""

from accounts.models.beta import BetaInvite
from accounts.models.people import EMAIL_LENGTH, Language, Theme, User
from accounts.models.privacy import (
    Closing,
    Consent,
    DataRequest,
    DataRequestKind,
    DataRequestState,
    ErasureCertificate,
    LegalKind,
    LegalText,
)
from accounts.models.staff import Impersonation

__all__ = [
    "EMAIL_LENGTH",
    "BetaInvite",
    "Closing",
    "Consent",
    "DataRequest",
    "DataRequestKind",
    "DataRequestState",
    "ErasureCertificate",
    "Impersonation",
    "Language",
    "LegalKind",
    "LegalText",
    "Theme",
    "User",
]

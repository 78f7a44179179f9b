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
from accounts.models.staff import ACTING, MAY_ACT, MAY_APPOINT, STAFF_RIGHTS, Impersonation, StaffGroup

__all__ = [
    "ACTING",
    "EMAIL_LENGTH",
    "MAY_ACT",
    "MAY_APPOINT",
    "STAFF_RIGHTS",
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
    "StaffGroup",
    "Theme",
    "User",
]

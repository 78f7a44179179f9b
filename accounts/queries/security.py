"""How a person's account is protected, on one page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from accounts.models import User
from accounts.queries import sessions

# Reasons, registered by rooms above, for which a person should have a second factor: owning what others work in.
responsibilities: list[Callable[[User], bool]] = [lambda person: person.is_staff]


@dataclass(frozen=True)
class Passkey:
    """One passkey, under the name its person gave it."""

    id: int
    name: str
    added: datetime
    last_used: datetime | None


@dataclass(frozen=True)
class Security:
    """`recovery_codes`: how many are unused, None without any. `google`: the linked address, None when not linked."""

    has_password: bool
    passkeys: list[Passkey]
    app_since: datetime | None
    recovery_codes: int | None
    google: str | None
    google_offered: bool
    sessions: int

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone does not open the account."""
        return bool(self.passkeys) or self.app_since is not None

    @property
    def few_codes(self) -> bool:
        """Whether the recovery codes run out."""
        return self.recovery_codes is not None and self.recovery_codes <= 3

    @property
    def can_unlink_google(self) -> bool:
        """Whether another way in is left without Google."""
        return self.has_password


def of(person: User) -> Security:
    """Everything that opens or protects the account."""
    factors = list(Authenticator.objects.filter(user=person).order_by("pk"))
    by_type = {one.type: one for one in factors}
    app = by_type.get(Authenticator.Type.TOTP)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    linked = SocialAccount.objects.filter(user=person, provider="google").first()
    return Security(
        has_password=person.has_usable_password(),
        passkeys=[
            Passkey(id=one.pk, name=one.wrap().name, added=one.created_at, last_used=one.last_used_at)
            for one in factors
            if one.type == Authenticator.Type.WEBAUTHN
        ],
        app_since=app.created_at if app else None,
        recovery_codes=unused_codes(codes) if codes else None,
        google=linked.extra_data.get("email", "") if linked else None,
        google_offered=is_google_offered(),
        sessions=sessions.count(person),
    )


def unused_codes(codes: Authenticator) -> int:
    """How many recovery codes are left: counted from the marks of use, without working out the codes themselves."""
    return settings.MFA_RECOVERY_CODE_COUNT - int(codes.data["used_mask"]).bit_count()


def is_google_offered() -> bool:
    """Whether a client of Google's is configured."""
    return bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])


def should_add_factor(person: User) -> bool:
    """Whether somebody with responsibility for others is protected by one factor alone."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    if Authenticator.objects.filter(user=person, type__in=kinds).exists():
        return False
    return any(has(person) for has in responsibilities)

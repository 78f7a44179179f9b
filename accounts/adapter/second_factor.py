"""Passkeys, authenticator apps and recovery codes: how they are named, and their secrets encrypted."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode import QRCode  # type: ignore[import-untyped]

from accounts.models import User
from core.fields import cipher


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The secret of an authenticator app and the seed of recovery codes are encrypted with FIELD_KEYS."""

    def encrypt(self, text: str) -> str:
        """A Fernet token of the newest key."""
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text. Raises InvalidToken when no key in force reads it."""
        return cipher().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> SafeString:
        """The picture an app scans, in the page itself: one path of squares, in the colour of the text."""
        code = QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
        return format_html('<svg viewBox="0 0 {0} {0}" aria-hidden="true"><path d="{1}"/></svg>', len(rows), squares)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  # its name there
        """What a passkey is called until its person gives it a name of their own."""
        held = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey {number}").format(number=held + 1) if held else _("My passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Under which name devices file the passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}

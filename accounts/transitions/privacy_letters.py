"""E-mails about closing, coming back, and one's data: part of the move they tell of, in the reader's language."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Closing, DataRequest
from core import mail


def closed(closing: Closing, *, token: str, name: str, language: str) -> None:
    """To the address the account had: it is closed, and how to undo it until when."""
    url = settings.SITE_URL + reverse("reopen", args=[token])
    _write("account_closed", closing.email, language, {"name": name, "url": url, "until": closing.erase_at})


def confirm_new_address(email: str, *, token: str, language: str) -> None:
    """To the address that is to be the account's when it comes back."""
    url = settings.SITE_URL + reverse("reopen_as", args=[token])
    _write("account_new_address", email, language, {"url": url})


def reopened(email: str, *, name: str, language: str) -> None:
    """The account is there again."""
    _write("account_reopened", email, language, {"name": name, "url": settings.SITE_URL + reverse("account_login")})


def erased(email: str, *, language: str, certificate: Any, subject_id: Any) -> None:
    """The certificate, to the last address there was."""
    _write("erased", email, language, {"certificate": certificate, "subject_id": subject_id})


def ready(request: DataRequest, email: str, *, token: str, until: datetime) -> None:
    """The copy can be fetched."""
    url = settings.SITE_URL + reverse("data", args=[token])
    facts = {"url": url, "until": until, "has_account": request.person_id is not None}
    _write("data_ready", email, request.language, facts)


def confirm_request(request: DataRequest, *, token: str) -> None:
    """To an address without an account: whether it was they who asked."""
    url = settings.SITE_URL + reverse("data_confirm", args=[token])
    _write("data_confirm", request.email, request.language, {"url": url, "kind": request.kind})


def sign_in_instead(request: DataRequest) -> None:
    """To an address that has an account: everything is done there. Nobody but the mailbox learns it."""
    url = settings.SITE_URL + reverse("accounts:privacy")
    _write("data_sign_in", request.email, request.language, {"url": url, "kind": request.kind})


def _write(name: str, to: str, language: str, facts: dict[str, Any]) -> None:
    with override(language):
        mail.write(name, facts, to=to)

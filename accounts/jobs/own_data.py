"""What this room adds to somebody's data: the person, how they sign in, what they agreed to, what they did."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.jobs.exporting import Export, in_batches
from accounts.models import BetaInvite, DataRequest, User
from audit.models import Entry
from core import digests, tenancy
from core.models import Mail

PROFILE = (
    "id", "email", "display_name", "job_title", "company", "website", "bio", "phone", "postal_address", "language",
    "time_zone", "theme", "shortcuts", "mails_about_runs", "mails_about_comments", "mails_about_members",
    "mails_about_limits", "date_joined", "last_login",
)  # fmt: skip


def add_person(export: Export, person: User) -> None:
    """Profile and picture, addresses, sign-in, consents, requests, mails, acts."""
    with transaction.atomic():
        _add_profile(export, person)
        _add_sign_in(export, person)
        export.records(
            "consents", _("What you agreed to"), {"kind": _("Text"), "version": _("Version"), "at": _("Time")},
            (_picked(one, "kind", "version", "language", "withdrawn_at") for one in person.consents.order_by("pk")),
        )  # fmt: skip
        _add_correspondence(export, person.email, person)
    export.records(
        "acts", _("What you did"), {"at": _("Time"), "action": _("Act"), "address": _("Address")}, _acts(person)
    )


def add_address(export: Export, email: str) -> None:
    """What is kept of an address that has no account."""
    with transaction.atomic():
        _add_correspondence(export, email, None)


def _add_profile(export: Export, person: User) -> None:
    columns = ((name, User._meta.get_field(name)) for name in PROFILE)
    profile = [
        {"field": name, "label": column.verbose_name, "value": getattr(person, name)}  # type: ignore[union-attr]  # plain
        for name, column in columns
    ]
    export.records("profile", _("Profile"), {"label": _("Field"), "value": _("Value")}, profile)
    if person.avatar:
        export.stored("picture.webp", person.avatar)


def _add_sign_in(export: Export, person: User) -> None:
    addresses = EmailAddress.objects.filter(user=person).order_by("pk")
    export.records(
        "addresses", _("E-mail addresses"), {"email": _("E-mail"), "verified": _("Confirmed")},
        addresses.values("email", "verified", "primary"),
    )  # fmt: skip
    factors = Authenticator.objects.filter(user=person).order_by("pk").values("type", "created_at", "last_used_at")
    linked = SocialAccount.objects.filter(user=person).order_by("pk").values("provider", "date_joined", "last_login")
    export.records(
        "sign_in", _("Ways to sign in"), {"type": _("Kind"), "created_at": _("Since"), "last_used_at": _("Last used")},
        [
            *factors,
            *({"type": one["provider"], "created_at": one["date_joined"], "last_used_at": one["last_login"]}
              for one in linked),
        ],
    )  # fmt: skip
    sessions = UserSession.objects.filter(user=person).order_by("pk")
    export.records(
        "sessions", _("Sessions"),
        {"created_at": _("Since"), "last_seen_at": _("Last used"), "ip": _("Address"), "user_agent": _("Browser")},
        sessions.values("created_at", "last_seen_at", "ip", "user_agent"),
    )  # fmt: skip


def _add_correspondence(export: Export, email: str, person: User | None) -> None:
    invites = BetaInvite.objects.filter(email=email).order_by("pk")
    export.records(
        "beta_invites", _("Invitations to the beta"),
        {"email": _("E-mail"), "mailed_at": _("Sent"), "used_at": _("Used")},
        invites.values("email", "language", "created_at", "mailed_at", "used_at", "revoked_at"),
    )  # fmt: skip
    asked = DataRequest.objects.filter(email_digest=digests.of_email(email)) if person is None else person.data_requests
    export.records(
        "data_requests", _("What you asked about your data"), {"kind": _("Wish"), "at": _("Time"), "state": _("State")},
        (_picked(one, "kind", "state", "finished_at") for one in asked.order_by("pk")),
    )  # fmt: skip
    mails = Mail.objects.filter(recipients__contains=[email]).defer("content")
    if person is not None:  # before, the address may have been somebody else's, who has left
        mails = mails.filter(created_at__gte=person.date_joined)
    export.records(
        "mails", _("E-mails we sent you"), {"at": _("Time"), "subject": _("Subject"), "state": _("State")},
        (_picked(one, "subject", "state") for one in in_batches(mails)),
    )  # fmt: skip


def _acts(person: User) -> Iterator[dict[str, Any]]:
    """Every act of theirs in the trail, of every organization and of none."""
    fields = ("action", "address", "user_agent", "target_type", "target_id", "organization_id", "details", "changes",
              "personal")  # fmt: skip
    with tenancy.system("a person's own data is put together", actor=person):
        for entry in in_batches(Entry.objects.filter(actor_id=person.pk)):
            yield {"at": entry.at} | {name: getattr(entry, name) for name in fields}


def _picked(row: Any, *names: str) -> dict[str, Any]:
    """When a row was made, and these columns of it."""
    return {"at": row.created_at} | {name: getattr(row, name) for name in names}

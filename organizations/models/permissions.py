"""Who may do what: the one registry (ruling 22's matrix), asked through `Member.may`."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member is."""

    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    MEMBER = "member", _("member")
    GUEST = "guest", _("guest")


# Who acts on whom: nobody on somebody of a higher role, and nobody gives a role above their own.
RANKS = {Role.GUEST: 0, Role.MEMBER: 1, Role.ADMIN: 2, Role.OWNER: 3}


class Area(models.TextChoices):
    """What a permission is about; the matrix page groups by it."""

    BOOKS = "books", _("Books")
    CORRECTIONS = "corrections", _("Corrections")
    EXPORTS = "exports", _("Files")
    MEMBERS = "members", _("Members")
    BILLING = "billing", _("Billing")
    KEYS = "keys", _("Keys and webhooks")
    SETTINGS = "settings", _("Settings")
    AUDIT = "audit", _("Activity")


EVERYBODY = frozenset(Role)
STAFFED = frozenset({Role.OWNER, Role.ADMIN, Role.MEMBER})
LEADS = frozenset({Role.OWNER, Role.ADMIN})
OWNERS = frozenset({Role.OWNER})


@dataclass(frozen=True)
class Permission:
    """One thing that can be allowed: which roles have it, and whether it can be granted to a single member besides."""

    codename: str
    label: Promise
    area: Area
    roles: frozenset[Role]
    grantable: bool = True


PERMISSIONS: dict[str, Permission] = {
    one.codename: one
    for one in (
        Permission("books.create", _("begin books"), Area.BOOKS, STAFFED),
        Permission("books.read_internal", _("read internal books"), Area.BOOKS, STAFFED),
        Permission("books.list_private", _("see the titles of others’ private books"), Area.BOOKS, LEADS),
        Permission("books.manage_own", _("publish, archive, delete and restore own books"), Area.BOOKS, STAFFED),
        Permission("books.manage_internal", _("the same for others’ internal books"), Area.BOOKS, LEADS),
        Permission("corrections.request", _("have own books corrected"), Area.CORRECTIONS, STAFFED),
        Permission("corrections.decide", _("accept and reject corrections of internal books"), Area.CORRECTIONS, LEADS),
        Permission("exports.make", _("make and download files of readable books"), Area.EXPORTS, EVERYBODY, False),
        Permission("exports.log", _("see who downloaded files of internal books"), Area.EXPORTS, LEADS),
        Permission("members.see", _("see members and invitations"), Area.MEMBERS, LEADS),
        Permission("members.manage", _("invite, change, suspend and remove members"), Area.MEMBERS, LEADS),
        Permission("members.hand_over", _("hand over ownership"), Area.MEMBERS, OWNERS, grantable=False),
        Permission("billing.see_usage", _("see usage and limits"), Area.BILLING, STAFFED),
        Permission("billing.see", _("see plan, spending and invoices"), Area.BILLING, LEADS),
        Permission("billing.manage", _("change plan, caps and payment"), Area.BILLING, OWNERS),
        Permission("keys.manage", _("make and revoke API keys"), Area.KEYS, LEADS),
        Permission("webhooks.manage", _("set up webhooks"), Area.KEYS, LEADS),
        Permission("settings.manage", _("change name, address, logo and colours"), Area.SETTINGS, LEADS),
        Permission("settings.close", _("close the organization"), Area.SETTINGS, OWNERS, grantable=False),
        Permission("audit.read", _("see what happened, and who did it"), Area.AUDIT, LEADS),
    )
}

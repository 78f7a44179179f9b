"""What organizations' acts are called on screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.models import PERMISSIONS, Role

ORGANIZATION = {
    "organization.opened": _("opened the organization"),
    "organization.settings_changed": _("changed the settings of the organization"),
    "organization.looks_changed": _("changed the looks of the organization"),
    "organization.logo_changed": _("changed the logo"),
    "organization.logo_removed": _("removed the logo"),
    "organization.made_ordinary": _("made a personal organization an ordinary one"),
    "organization.closed": _("closed the organization"),
    "organization.reopened": _("reopened the organization"),
    "organization.erased": _("erased the organization"),
}
MEMBERS = {
    "invitation.sent": _("invited somebody"),
    "invitation.resent": _("sent an invitation again"),
    "invitation.revoked": _("revoked an invitation"),
    "invitation.accepted": _("accepted an invitation"),
    "invitation.declined": _("declined an invitation"),
    "member.admitted": _("joined as a guest, with a part in a book"),
    "member.changed": _("changed what a member may do"),
    "member.suspended": _("suspended a member"),
    "member.restored": _("gave a suspended member access again"),
    "member.removed": _("removed a member"),
    "member.left": _("left the organization"),
    "member.erased": _("erased a member’s account"),
    "ownership.handed_over": _("handed over the ownership"),
}
LIMITS = {
    "limits.set": _("changed limits"),
    "limits.warned": _("warned of a limit"),
}
ACTIVITY = {
    "activity.exported": _("took the activity away as a table"),
}
FACTS = {
    "role": _("role"),
    "granted": _("also may"),
    "fields": _("changed"),
    "name": _("name"),
    "slug": _("address on the web"),
    "description": _("description"),
    "website": _("website"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "accent": _("colour on light ground"),
    "accent_dark": _("colour on dark ground"),
    "typeface": _("typeface of headings"),
    "erase_at": _("to be erased"),
    "memberships": _("memberships"),
    "filters": _("looked for"),
    "meter": _("limit"),
    "percent": _("per cent"),
    "used": _("amount in use"),
    "limit": _("limit"),
    "plan": _("plan"),
    "members": _("members"),
    "books": _("books"),
    "books_a_month": _("books a month"),
    "storage_bytes": _("storage (bytes)"),
}
VALUES: dict[str, Any] = {
    "role": dict(Role.choices),
    "granted": {name: one.label for name, one in PERMISSIONS.items()},
}

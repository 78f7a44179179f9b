"""What organizations' acts are called on screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from organizations.models import PERMISSIONS, Role

ORGANIZATION = {
    "organization.opened": _("opened the organization"),
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
    "meter": _("limit"),
    "percent": _("per cent"),
    "used": _("used"),
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

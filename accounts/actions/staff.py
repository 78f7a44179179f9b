"""Who is staff, and what the groups of the staff may do."""

from collections.abc import Collection
from fnmatch import fnmatchcase

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.sessions import end_other_sessions
from accounts.models import MAY_APPOINT, STAFF_RIGHTS, StaffGroup, User
from audit import actions as audit
from audit.models import Severity
from core.errors import Conflict, Forbidden


@transaction.atomic
def grant_staff_groups() -> None:
    """Make the groups and give each what STAFF_RIGHTS says of the permissions there are now: after every migration."""
    known = {f"{one.content_type.app_label}.{one.codename}": one for one in _permissions()}
    for code, patterns in STAFF_RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=code.value)
        wanted = {name for name in known if any(fnmatchcase(name, pattern) for pattern in patterns)}
        group.permissions.set([known[name] for name in wanted])


def _permissions() -> Collection[Permission]:
    return Permission.objects.select_related("content_type")


@transaction.atomic
def appoint(*, by: User, person: User, is_staff: bool, groups: Collection[StaffGroup]) -> None:
    """Make somebody staff of these groups, or of none any more; they are signed out everywhere.

    Raises Forbidden to who may not appoint or changes their own rights, Conflict about a superuser.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if not by.is_staff or not by.has_perm(MAY_APPOINT):
        raise Forbidden(_("Only administrators change the rights of the staff."))
    if by.pk == person.pk:
        raise Forbidden(_("Nobody changes their own rights: ask another administrator."))
    if person.is_superuser:
        raise Conflict(_("A superuser has every right: that is changed on the server alone."))
    wanted = sorted(group.value for group in groups) if is_staff else []
    before = {"is_staff": person.is_staff, "groups": _groups(person)}
    changed = {"is_staff": is_staff, "groups": wanted}
    if before == changed:
        return
    person.is_staff = is_staff
    person.save(update_fields=["is_staff", "updated_at"])
    person.groups.set(Group.objects.filter(name__in=wanted))
    changes = {name: (before[name], value) for name, value in changed.items() if before[name] != value}
    audit.record("staff.appointed", actor=by, target=person, changes=changes, severity=Severity.CRITICAL)
    end_other_sessions(person=person, session_key=None, why="staff_rights")


def _groups(person: User) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))

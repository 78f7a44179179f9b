"""What is looked for among members, and what is changed about one."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms import LineField, ListForm
from organizations.access import Member
from organizations.models import PERMISSIONS, RANKS, Role
from organizations.models.permissions import Area
from organizations.queries.members import ORDERS, STATES, Wanted


class MembersForm(ListForm):
    """Search, filters, order and cursor of the list of members."""

    q = LineField(required=False, max_length=100)
    role = forms.ChoiceField(required=False, choices=Role.choices)
    state = forms.ChoiceField(required=False, choices=[(name, name) for name in STATES])
    sort = forms.ChoiceField(required=False, choices=[(name, name) for name in ORDERS])

    def wanted(self) -> Wanted:
        """Which members, in which order."""
        return Wanted(**{name: self.understood(name) or "" for name in ("q", "role", "state", "sort")})


@dataclass(frozen=True)
class Box:
    """One permission to be granted: whether the role brings it, whether it is granted, whether it can be chosen."""

    codename: str
    label: str
    by_role: bool
    checked: bool
    enabled: bool


def role_choices(rank_of: Role, present: str = "") -> list[tuple[str, str]]:
    """Roles that somebody of this role may give, the highest first; ownership is handed over, so only an owner has it.

    `present` is the role of whom it is given to.
    """
    given = [role for role in Role if RANKS[role] <= RANKS[rank_of] and (role != Role.OWNER or role == present)]
    return [(role.value, str(capfirst(role.label))) for role in given]


class MemberForm(forms.Form):
    """A member's role, and permissions beside it. `giver` fills it in."""

    role = forms.ChoiceField(label=_("Role"))
    granted = forms.MultipleChoiceField(
        label=_("Also may"),
        required=False,
        choices=[(name, one.label) for name, one in PERMISSIONS.items() if one.grantable],
    )

    def __init__(self, *arguments: Any, giver: Member, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.giver_has = giver.permissions
        self.fields["role"].choices = role_choices(giver.role, self.initial["role"])  # type: ignore[attr-defined]  # a ChoiceField

    def areas(self) -> list[tuple[str, list[Box]]]:
        """The permissions that can be granted, by area, for the role the member has now."""
        return [
            (str(area.label), boxes) for area in Area if (boxes := [self._box(one) for one in self._grantable(area)])
        ]

    @staticmethod
    def _grantable(area: Area) -> list[str]:
        return [name for name, one in PERMISSIONS.items() if one.area == area and one.grantable]

    def _box(self, codename: str) -> Box:
        permission = PERMISSIONS[codename]
        by_role = self.initial["role"] in permission.roles
        chosen = codename in (self.data.getlist("granted") if self.is_bound else self.initial["granted"])  # type: ignore[attr-defined]  # a QueryDict
        enabled = not by_role and (codename in self.giver_has or codename in self.initial["granted"])
        return Box(codename, str(capfirst(str(permission.label))), by_role, by_role or chosen, enabled)


class HandOverForm(forms.Form):
    """What becomes of whoever hands over."""

    afterwards = forms.ChoiceField(
        label=_("And you?"),
        choices=[("admin", _("I become an admin")), ("owner", _("I stay an owner beside them"))],
        initial="admin",
        widget=forms.RadioSelect,
    )

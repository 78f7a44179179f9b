"""Tenants, who belongs to them, what members may do, and how much they may use."""

from organizations.models.invitations import Invitation, InvitationKey
from organizations.models.limits import CUSTOM, Limits, LimitWarning
from organizations.models.members import Membership
from organizations.models.organizations import FormerSlug, Organization, TenantRow, Typeface
from organizations.models.permissions import PERMISSIONS, RANKS, Permission, Role

__all__ = [
    "CUSTOM",
    "PERMISSIONS",
    "RANKS",
    "FormerSlug",
    "Invitation",
    "InvitationKey",
    "LimitWarning",
    "Limits",
    "Membership",
    "Organization",
    "Permission",
    "Role",
    "TenantRow",
    "Typeface",
]

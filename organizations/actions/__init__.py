"""What is done to organizations and their members."""

from organizations.actions.closing import close_organization, reopen_organization
from organizations.actions.opening import ensure_personal_organization

__all__ = ["close_organization", "ensure_personal_organization", "reopen_organization"]

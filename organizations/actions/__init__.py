"""What is done to organizations and their members."""

from organizations.actions.opening import ensure_personal_organization

__all__ = ["ensure_personal_organization"]

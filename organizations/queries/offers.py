"""A place that is offered by a link: in an organization, or in one of its books."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.utils import timezone

from organizations.models import Organization

Row = TypeVar("Row")


@dataclass(frozen=True)
class Offer(Generic[Row]):
    """An offer as the invited person sees it; `key_id` names it in their own pages, `role_label` what one would be.

    `row` is what stores it: pages read its `invited_by` and `message`.
    """

    key_id: UUID
    row: Row
    organization: Organization
    email: str
    role_label: str
    expires_at: datetime | None

    @property
    def is_expired(self) -> bool:
        """Whether its seven days are over."""
        return self.expires_at is None or self.expires_at <= timezone.now()

"""The staff's view of people: their accounts, who is invited, what is agreed to."""

from accounts.admin import beta, legal, people, privacy

__all__ = ["beta", "legal", "people", "privacy"]

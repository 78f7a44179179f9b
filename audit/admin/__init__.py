"""The staff's view of the trail: to search, to take along, and what is critical of it."""

from audit.admin import entries

__all__ = ["entries"]

"""Identifiers: UUIDv7, so that keys sort by time and no URL can be counted up."""

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7 as a standard library UUID."""
    return uuid.UUID(int=uuid_utils.uuid7().int)

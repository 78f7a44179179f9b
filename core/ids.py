"""Identifiers: UUIDv7, so that keys sort by time and no URL can be counted up."""

import uuid
from datetime import date, datetime, time

import uuid_utils
from django.utils import timezone


def new_id() -> uuid.UUID:
    """Return a fresh UUIDv7 as a standard library UUID."""
    return uuid.UUID(int=uuid_utils.uuid7().int)


def first_id(moment: datetime) -> uuid.UUID:
    """The first id a row of that moment can have: UUIDv7 begin with their millisecond, so a key's index finds time."""
    milliseconds = int(moment.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (0x2 << 62))


def first_id_of(day: date) -> uuid.UUID:
    """The first id a row of that day can have, on the reader's clock."""
    return first_id(timezone.make_aware(datetime.combine(day, time.min)))

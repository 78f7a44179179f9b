"""A person's picture in storage: two sizes of it, named by their content, and the tidying of older ones."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import leases
from core.storage import names_in

LARGE, SMALL = 256, 64
SIZES = (LARGE, SMALL)
# A picture younger than that may be one whose transaction has not committed yet.
GRACE = timedelta(minutes=1)


def folder(person_id: UUID) -> str:
    """Where a person's pictures are."""
    return f"avatars/{person_id}"


def store(person_id: UUID, pictures: Mapping[int, bytes]) -> str:
    """Store every size; the larger one's name, which holds a hash: another picture is another address."""
    version = hashlib.sha256(pictures[LARGE]).hexdigest()[:16]
    for size, data in pictures.items():
        name = f"{folder(person_id)}/{version}-{size}.webp"
        default_storage.delete(name)
        default_storage.save(name, ContentFile(data))
    return f"{folder(person_id)}/{version}-{LARGE}.webp"


def tidy(person_id: UUID) -> None:
    """Delete every picture of a person but the present one. A storage that is away lets the lease run out."""
    leases.carry_out(person_id, _tidy)


def _tidy(held: leases.Claim) -> None:
    with transaction.atomic():
        person = User.objects.get(pk=held.subject)
    present = person.avatar.removesuffix(f"{LARGE}.webp") or None
    for name in names_in(folder(person.pk)):
        current = present is not None and name.startswith(present)
        if not current and default_storage.get_modified_time(name) < timezone.now() - GRACE:
            default_storage.delete(name)
    leases.finish(held)

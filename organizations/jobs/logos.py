"""An organization's logo as a stored file: drawn anew, named by what it shows."""

import hashlib
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from core import pictures
from core.storage import names_in

SIZE = 256  # pixels of its longer side: shown at 32, on dense screens too, and in the settings at 96


def keep(organization_id: UUID, upload: "File[bytes]") -> str:
    """Store the picture and return its name; the same picture has the same name. Raises pictures.PictureRefused."""
    drawn = pictures.reencoded(upload, [SIZE], crop=False)[SIZE]
    name = f"{folder(organization_id)}/{hashlib.sha256(drawn).hexdigest()[:32]}.webp"
    return default_storage.save(name, ContentFile(drawn))


def discard(name: str) -> None:
    """Delete a stored logo that is shown no more; deleting twice is no error."""
    if name:
        default_storage.delete(name)


def discard_all(organization_id: UUID) -> None:
    """Delete whatever was ever stored as a logo of this organization."""
    for name in names_in(folder(organization_id)):
        default_storage.delete(name)


def folder(organization_id: UUID) -> str:
    """Where the logos of this organization stand."""
    return f"logos/{organization_id}"

"""Stored files: private, behind links that end after SIGNED_URL_SECONDS, wherever STORAGE_KIND puts them.

A folder is here; s3, google and azure are a module each, which alone loads its maker's library. All four keep the
same promises (tests/core/test_store.py): saving again replaces, a missing file is a FileNotFoundError, deleting twice
is no error, and `download_url` gives a link that downloads under a name of ours, as a media type of ours.
"""

from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.core.files.storage import FileSystemStorage, default_storage
from django.urls import reverse

SALT = "core.storage"
# By the end of the name and never by the machine's own table, which differs from one to the next.
MEDIA_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "epub": "application/epub+zip",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "zip": "application/zip",
}


def media_type(name: str) -> str:
    """What a stored file is served as; bytes of no kind when its ending is none of ours."""
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def disposition(file_name: str) -> str:
    """Content-Disposition that downloads under that name (RFC 6266, with an ASCII fallback)."""
    ascii_name = file_name.encode("ascii", "ignore").decode()
    plain = "".join(one for one in ascii_name if one.isprintable() and one not in '"\\') or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name)}"


def names_in(folder: str) -> list[str]:
    """Whole names of the files in a folder of the storage, sorted; none when there is no such folder."""
    try:
        return sorted(f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


class FolderStorage(FileSystemStorage):
    """Files in a folder, served by core.views.signed_file to whoever holds a fresh signature."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def download_url(self, name: str, file_name: str) -> str:
        """A link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        token = signing.dumps([name, file_name], salt=SALT, compress=True)
        return reverse("signed_file", args=[token])

    @staticmethod
    def read_token(token: str) -> tuple[str, str]:
        """Name and download name of a link. Raises signing.BadSignature, also when it has expired."""
        name, file_name = signing.loads(token, salt=SALT, max_age=settings.SIGNED_URL_SECONDS)
        return name, file_name

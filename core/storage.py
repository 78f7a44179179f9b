"""Stored files: a folder or any S3-compatible bucket; both give links that expire after SIGNED_URL_SECONDS."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from storages.backends.s3 import S3Storage

SALT = "core.storage"


def disposition(file_name: str) -> str:
    """Content-Disposition that downloads under that name (RFC 6266, with an ASCII fallback)."""
    ascii_name = file_name.encode("ascii", "ignore").decode()
    plain = "".join(one for one in ascii_name if one.isprintable() and one not in '"\\') or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name)}"


class FolderStorage(FileSystemStorage):
    """Files in a folder, served by core.views.signed_file to whoever holds a fresh signature."""

    def download_url(self, name: str, file_name: str) -> str:
        """A link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        token = signing.dumps([name, file_name], salt=SALT, compress=True)
        return reverse("signed_file", args=[token])

    @staticmethod
    def read_token(token: str) -> tuple[str, str]:
        """Name and download name of a link. Raises signing.BadSignature, also when it has expired."""
        name, file_name = signing.loads(token, salt=SALT, max_age=settings.SIGNED_URL_SECONDS)
        return name, file_name


class BucketStorage(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """Files in a private bucket, served by the bucket itself through presigned links."""

    def download_url(self, name: str, file_name: str) -> str:
        """A presigned link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        parameters: dict[str, Any] = {"ResponseContentDisposition": disposition(file_name)}
        url: str = self.url(name, parameters=parameters, expire=settings.SIGNED_URL_SECONDS)
        return url

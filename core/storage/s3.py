"""Stored files in a private bucket of Amazon S3, or of any store that speaks its protocol."""

from typing import Any

from django.conf import settings
from storages.backends.s3 import S3Storage

from core.storage import disposition, media_type


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """A bucket that serves its files itself, through presigned links (signature version 4)."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint_url: str = "",
        region: str = "",
        access_key: str = "",
        secret_key: str = "",
        addressing_style: str = "auto",
    ) -> None:
        """Without keys, boto3 finds the machine's own; without an endpoint it is Amazon's."""
        super().__init__(
            bucket_name=bucket,
            endpoint_url=endpoint_url or None,
            region_name=region or None,
            access_key=access_key or None,
            secret_key=secret_key or None,
            addressing_style=addressing_style,
            default_acl=None,
            file_overwrite=True,
            querystring_auth=True,
            signature_version="s3v4",
        )

    def get_object_parameters(self, name: str) -> dict[str, str]:
        """What every stored file is given."""
        return {"ContentType": media_type(name)}

    def download_url(self, name: str, file_name: str) -> str:
        """A presigned link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        parameters: dict[str, Any] = {"ResponseContentDisposition": disposition(file_name)}
        url: str = self.url(name, parameters=parameters, expire=settings.SIGNED_URL_SECONDS)
        return url

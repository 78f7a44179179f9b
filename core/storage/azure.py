"""Stored files in a private container of Azure Blob Storage."""

from typing import Any

from django.conf import settings
from storages.backends.azure_storage import AzureStorage

from core.storage import disposition, media_type


class Container(AzureStorage):  # type: ignore[misc]  # django-storages ships no types
    """A container that serves its files itself, through shared access signatures of one file each."""

    def __init__(self, *, bucket: str, access_key: str, secret_key: str, endpoint_url: str = "") -> None:
        """`access_key` is the account's name and `secret_key` its key; an endpoint is given with the account in it."""
        endpoint = endpoint_url or f"https://{access_key}.blob.core.windows.net"
        super().__init__(
            azure_container=bucket,
            account_name=access_key,
            account_key=secret_key,
            connection_string=f"BlobEndpoint={endpoint};AccountName={access_key};AccountKey={secret_key}",
            overwrite_files=True,
        )

    def get_object_parameters(self, name: str) -> dict[str, str]:
        """What every stored file is given."""
        return {"content_type": media_type(name)}

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Looked for first: the library would only miss it at the first read, and in words of its own."""
        if "r" in mode and not self.exists(name):
            raise FileNotFoundError(name)
        return super()._open(name, mode)

    def download_url(self, name: str, file_name: str) -> str:
        """A signed link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        parameters = {"content_disposition": disposition(file_name)}
        url: str = self.url(name, parameters=parameters, expire=settings.SIGNED_URL_SECONDS)
        return url

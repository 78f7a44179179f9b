"""Stored files in a private bucket of Google Cloud Storage."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import cached_property
from google.cloud.storage import Client
from google.oauth2.service_account import Credentials
from storages.backends.gcloud import GoogleCloudStorage

from core.storage import disposition, media_type

SCOPES = ["https://www.googleapis.com/auth/devstorage.read_write"]


def read_account(key: str) -> Credentials:
    """The service account of a key file's JSON. Raises ImproperlyConfigured, without the key, when it is none."""
    try:
        account: Credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]  # theirs
            json.loads(key), scopes=SCOPES
        )
    except ValueError:
        raise ImproperlyConfigured("STORAGE_SECRET_KEY is not the JSON key of a Google service account.") from None
    return account


class Bucket(GoogleCloudStorage):  # type: ignore[misc]  # django-storages ships no types
    """A bucket that serves its files itself, through signed links (version 4)."""

    def __init__(self, *, bucket: str, secret_key: str = "", endpoint_url: str = "") -> None:
        """`secret_key` is a service account's key (JSON), which signs here.

        Without one the machine's own identity is used, and Google signs (IAM's signBlob).
        """
        account = read_account(secret_key) if secret_key else None
        super().__init__(bucket_name=bucket, credentials=account, iam_sign_blob=not secret_key, file_overwrite=True)
        self.endpoint_url = endpoint_url

    @cached_property
    def client(self) -> Any:
        """The library's client, at our endpoint if we have one: django-storages knows none but Google's."""
        if not self.endpoint_url:
            return super().client
        options = {"api_endpoint": self.endpoint_url}
        return Client(project=None, credentials=self.credentials, client_options=options)

    def get_object_parameters(self, name: str) -> dict[str, str]:
        """What every stored file is given."""
        return {"content_type": media_type(name)}

    def download_url(self, name: str, file_name: str) -> str:
        """A signed link to `name` that downloads as `file_name`, for SIGNED_URL_SECONDS."""
        parameters: dict[str, Any] = {
            "expiration": timedelta(seconds=settings.SIGNED_URL_SECONDS),
            "response_disposition": disposition(file_name),
        }
        url: str = self.url(name, parameters=parameters)
        return url

"""Putting a finished file where it can be fetched."""

from django.core.files import File
from django.core.files.storage import default_storage


def put(path: str, content: "File[bytes]") -> str:
    """Store under exactly that path, over what a worker killed there may have left; returns the stored name."""
    if default_storage.exists(path):
        default_storage.delete(path)
    return default_storage.save(path, content)

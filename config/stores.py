"""Where stored files go: what STORAGE_KIND and the settings beside it mean to core.storage."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

# The class of each kind, what it must be given, and what it may be given.
KINDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "folder": ("core.storage.FolderStorage", ("location",), ()),
    "s3": (
        "core.storage.s3.Bucket",
        ("bucket",),
        ("endpoint_url", "region", "access_key", "secret_key", "addressing_style"),
    ),
    "google": ("core.storage.google.Bucket", ("bucket",), ("endpoint_url", "secret_key")),
    "azure": ("core.storage.azure.Container", ("bucket", "access_key", "secret_key"), ("endpoint_url",)),
}


def store(kind: str, given: Mapping[str, str]) -> dict[str, object]:
    """The entry of Django's STORAGES, from what was given by the names of the classes' options ("" for nothing).

    Raises ImproperlyConfigured when one is missing, or when a bucket is named that would not be used.
    """
    if kind not in KINDS:
        raise ImproperlyConfigured(f"STORAGE_KIND must be one of {', '.join(KINDS)}, not {kind!r}.")
    backend, needed, known = KINDS[kind]
    for name in needed:
        if not given[name]:
            raise ImproperlyConfigured(f"STORAGE_{name.upper()} is not set: STORAGE_KIND={kind} needs it.")
    if given["bucket"] and "bucket" not in needed:
        raise ImproperlyConfigured("STORAGE_BUCKET is set, yet STORAGE_KIND is folder: say s3, google or azure.")
    options = {name: given[name] for name in needed + known if given[name]}
    return {"BACKEND": backend, "OPTIONS": options}

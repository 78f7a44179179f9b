"""`rotate_fields`: write every encrypted column with the newest key, after which the older ones may go."""

from collections.abc import Generator, Iterator
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import models
from django.db.models import F, Model, TextField, Value
from django.db.models.functions import Cast

from core import tenancy
from core.fields import EncryptedTextField, cipher, kept_by_libraries

BATCH = 500


class Command(BaseCommand):
    """Batches of one transaction each; begun again after a stop, it skips what has the newest key already."""

    help = "Encrypts every personal column with the first of FIELD_KEYS; the other keys may be removed afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--batch`: rows of a transaction."""
        parser.add_argument("--batch", type=int, default=BATCH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was written in each table."""
        newest = Fernet(next(iter(settings.FIELD_KEYS)))
        for model, columns in encrypted():
            written = sum(rotate(model, columns, newest, options["batch"]))
            self.stdout.write(f"{model._meta.label}: {written}")
        for owner, write_anew in kept_by_libraries.items():
            self.stdout.write(f"{owner}: {write_anew()}")


def encrypted() -> Iterator[tuple[type[Model], list[str]]]:
    """Every model of ours with encrypted columns, and their names."""
    for model in apps.get_models():
        columns = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if columns:
            yield model, columns


def rotate(model: type[Model], columns: list[str], newest: Fernet, batch: int) -> Generator[int, None, None]:
    """Go through the table by its key, and yield how many values of each batch were written anew."""
    after: UUID | None = None
    while True:
        with tenancy.system(f"rotate_fields {model._meta.label}"):
            rows = model._base_manager.order_by("pk").select_for_update().annotate(**raw(columns))
            page = list((rows.filter(pk__gt=after) if after else rows).values("pk", *raw(columns))[:batch])
            written = sum(_write(model, row, columns, newest) for row in page)
        yield written
        if len(page) < batch:
            return
        after = page[-1]["pk"]


def raw(columns: list[str]) -> dict[str, Cast]:
    """The columns as they stand in the database."""
    return {f"raw_{name}": Cast(F(name), TextField()) for name in columns}


def _write(model: type[Model], row: dict[str, Any], columns: list[str], newest: Fernet) -> int:
    old = {name: row[f"raw_{name}"] for name in columns}
    new = {name: cipher().rotate(token.encode()).decode() for name, token in old.items() if is_older(token, newest)}
    if new:
        values = {name: Value(token, output_field=models.TextField()) for name, token in new.items()}
        model._base_manager.filter(pk=row["pk"]).update(**values)
    return len(new)


def is_older(token: str | None, newest: Fernet) -> bool:
    """Whether a value is there and the newest key does not read it."""
    if not token:
        return False
    try:
        newest.decrypt(token.encode())
    except InvalidToken:
        return True
    return False

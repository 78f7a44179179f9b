"""`migrate` as the owner role: the web role may not change the schema."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from core.postgres.roles import use_owner


class Command(DjangoMigrate):
    """Django's migrate over DATABASE_OWNER_URL."""

    def handle(self, *args: Any, **options: Any) -> None:
        use_owner(connections[options["database"]], settings.DATABASE_OWNER_URL)
        super().handle(*args, **options)

"""Which role a connection signs in as: `web` for everything, the owner for migrations and backups."""

import environ
from django.db.backends.base.base import BaseDatabaseWrapper


def use_owner(connection: BaseDatabaseWrapper, owner_url: str) -> None:
    """Reconnect as the owner named in `owner_url`, keeping the database the connection points at."""
    owner = environ.Env.db_url_config(owner_url)
    use_role(connection, owner["USER"], owner["PASSWORD"])


def use_role(connection: BaseDatabaseWrapper, user: str, password: str) -> None:
    """Reconnect as `user`."""
    connection.close()
    connection.settings_dict["USER"] = user
    connection.settings_dict["PASSWORD"] = password

"""Many rows at once, as PostgreSQL's superuser: no trigger, no policy, nothing but the rows and their indexes."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from django.db.models import Model


def multiply(site: Site, row: "Model", times: int, varied: Mapping[str, str], among: Iterable[Any] = ()) -> None:
    """Insert `times` copies of a row that is there; `varied` gives columns another value, as SQL over `n` (1, 2 …).

    `among` are values that an expression can choose from as `(%(among)s)[…]`.
    """
    fields = [field for field in row._meta.concrete_fields if not field.generated]
    columns = [str(field.column) for field in fields]
    values = [sql.SQL(varied[column]) if column in varied else sql.Identifier("t", column) for column in columns]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t CROSS JOIN generate_series(1, %(times)s) n"
        " WHERE t.id = %(id)s"
    ).format(
        table=sql.Identifier(row._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )
    with psycopg.connect(site.stack.environment()["DATABASE_SUPERUSER_URL"], autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement, {"times": times, "id": row.pk, "among": list(among)})

"""Where settings come from: the environment, files beside it, or AWS Secrets Manager.

`NAME_FILE` names a file that holds `NAME`, as Docker and Kubernetes hand secrets over. With a secret of AWS Secrets
Manager (a JSON object of names and values) its values come first, asked for again every five minutes; while AWS is away
what was read last goes on, and at a start without it the environment decides.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

log = logging.getLogger(__name__)
REFRESH_SECONDS = 300
PATIENCE_SECONDS = 3  # a start waits no longer for AWS
FILE = "_FILE"

Manager = Callable[[], Mapping[str, str]]


class Environment(Mapping[str, str]):
    """What django-environ reads from. A name without a value is not there: `NAME=` in a copied example says nothing."""

    def __init__(self, variables: Mapping[str, str], manager: Manager | None = None) -> None:
        self._variables, self._manager = variables, manager

    def __getitem__(self, name: str) -> str:
        """The value. Raises KeyError, or ImproperlyConfigured when it is named twice or its file cannot be read."""
        managed = self._manager().get(name) if self._manager else None
        value = managed or self._variable(name)
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        names = {name for name, value in self._variables.items() if value}
        names |= {name.removesuffix(FILE) for name in names if name.endswith(FILE) and self._is_of_a_file(name)}
        yield from sorted(names | (self._manager() if self._manager else {}).keys())

    def __len__(self) -> int:
        return sum(1 for _name in self)

    def _is_of_a_file(self, name: str) -> bool:
        """An empty one says nothing: ALIVE_FILE, which a worker touches, is no secret."""
        path = Path(self._variables[name])
        return path.is_file() and path.stat().st_size > 0 and not self._variables.get(name.removesuffix(FILE))

    def _variable(self, name: str) -> str:
        value, file = self._variables.get(name, ""), self._variables.get(name + FILE, "")
        if value and file:
            raise ImproperlyConfigured(f"{name} and {name}{FILE} are both set: one of them must go.")
        if not file:
            return value
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ImproperlyConfigured(f"{name}{FILE} cannot be read: {why}.") from None


class Live(Sequence[str]):
    """A setting that is read anew every five minutes: keys change without a restart."""

    def __init__(self, read: Callable[[], Sequence[str]], seconds: float = REFRESH_SECONDS) -> None:
        self._read, self._seconds = read, seconds
        self._values, self._read_at = read(), time.monotonic()

    def _current(self) -> Sequence[str]:
        if time.monotonic() - self._read_at >= self._seconds:
            self._values, self._read_at = self._read(), time.monotonic()
        return self._values

    def __getitem__(self, index: Any) -> Any:
        return self._current()[index]

    def __len__(self) -> int:
        return len(self._current())


def manager(name: str, *, region: str, endpoint: str, refresh_seconds: int = REFRESH_SECONDS) -> Manager | None:
    """Values of that secret of AWS Secrets Manager, cached; None without a name. `endpoint` is for trials."""
    if not name:
        return None
    import boto3
    from aws_secretsmanager_caching import SecretCache, SecretCacheConfig
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    patience = Config(
        connect_timeout=PATIENCE_SECONDS, read_timeout=PATIENCE_SECONDS, retries={"max_attempts": 1, "mode": "standard"}
    )
    client = boto3.client("secretsmanager", region_name=region or None, endpoint_url=endpoint or None, config=patience)
    cache = SecretCache(
        SecretCacheConfig(secret_refresh_interval=refresh_seconds, exception_retry_delay_max=60), client
    )

    def values() -> Mapping[str, str]:
        try:
            text = cache.get_secret_string(name)
        except (BotoCoreError, ClientError) as error:
            # The class alone: the text names the account and the role.
            log.warning("Secrets Manager is away, the environment decides: %s", type(error).__name__)
            return {}
        return _parsed(text or "")

    return values


@lru_cache(maxsize=4)
def _parsed(text: str) -> Mapping[str, str]:
    try:
        loaded: Any = json.loads(text)
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        raise ImproperlyConfigured("SECRETS_MANAGER_NAME: the secret must be a JSON object of names and values.")
    return {str(name): one if isinstance(one, str) else json.dumps(one) for name, one in loaded.items()}

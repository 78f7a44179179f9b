"""Many people who act at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from core.errors import DomainError


def at_once(act: Callable[[Any], object], whose: Sequence[Any]) -> list[str]:
    """Everybody acts at the same moment; "done" or the code of the refusal, of each."""
    start = Barrier(len(whose))

    def one(subject: Any) -> str:
        try:
            start.wait(timeout=60)
            act(subject)
        except DomainError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(whose)) as threads:
        return list(threads.map(one, whose))

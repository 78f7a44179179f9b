"""Whether the process of this container is well, for its health check: `python -m config.healthy pages|queue`.

Pages and events answer /livez; workers and beat touch ALIVE_FILE every few seconds (config.celery). Reads no settings
and connects to nothing else: a database that is away makes no process unhealthy, and a restart would not bring it back.
"""

import http.client
import os
import sys
import time
from pathlib import Path

PORT = 8000
STALE_SECONDS = 30.0


def pages(port: int = PORT) -> bool:
    """The server answers under the first name it is meant to answer to."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/livez", headers={"Host": host})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def queue() -> bool:
    """The worker's loop, or beat, gave a sign of life a moment ago."""
    try:
        return time.time() - Path(os.environ["ALIVE_FILE"]).stat().st_mtime < STALE_SECONDS
    except (KeyError, FileNotFoundError):
        return False


if __name__ == "__main__":
    sys.exit(not {"pages": pages, "queue": queue}[sys.argv[1]]())

"""Running an engine as a program of its own: with a time limit, killed with its children, its failure told."""

import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from books.providers.exports.errors import EngineFailed, EngineTimedOut

log = logging.getLogger(__name__)
# Nothing of ours (settings, keys) reaches a program that reads what strangers wrote.
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def run(
    command: Sequence[str | Path], *, stdin: bytes, folder: Path, seconds: float, fine: Sequence[int] = (0,)
) -> bytes:
    """Standard output of the program; EngineTimedOut after `seconds`, EngineFailed for a return code not in `fine`."""
    environment = {**_ENVIRONMENT, "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(  # The command is ours: user text goes in through standard input and files alone.
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, problem = process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired:
        raise EngineTimedOut from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode not in fine:
        details = problem.decode(errors="replace")[-2000:]
        log.error("%s ended with %s: %s", Path(command[0]).name, process.returncode, details)
        raise EngineFailed(details)
    return output

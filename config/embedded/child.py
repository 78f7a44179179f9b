"""Child processes that never outlive their parent, however it ends."""

import ctypes
import functools
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def start_child(
    argv: Sequence[str],
    *,
    bound: Callable[[], None],
    output: IO[bytes],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, bound to this process by what `bound_to_parent` returned.

    The kernel watches the thread that forked, not the process: a child started from a worker thread would die with
    that thread. So any thread but the main one hands the start to a thread that lives as long as the process.
    """

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            env=env,
            start_new_session=True,
            preexec_fn=bound,  # noqa: PLW1509  # it calls the kernel and takes no lock
        )

    if threading.current_thread() is threading.main_thread():
        return start()
    return _lasting_thread().submit(start).result()


@functools.cache
def _lasting_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="parent-of-services")


# Threads do not survive a fork: a forked child that needs one makes its own.
os.register_at_fork(after_in_child=_lasting_thread.cache_clear)


def bound_to_parent(death: signal.Signals, user: tuple[int, int] | None = None) -> Callable[[], None]:
    """A preexec function: become `user` (uid, gid), then ask the kernel for `death` when the parent dies.

    In that order, because changing the user clears the request; and the parent may have died before it was made.
    """
    parent = os.getpid()

    def prepare() -> None:
        if user:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        LIBC.prctl(PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:
            os._exit(1)

    return prepare

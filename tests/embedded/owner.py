"""`python owner.py STATE NAME…`: run services until standard input closes; prints their settings as a line of JSON."""

import argparse
import importlib
import json
import os
import signal
import sys
import threading
from pathlib import Path

from config.embedded import Stack, urls


def main() -> None:
    """Start as told, say where, wait, stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state", type=Path)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--in-thread", action="store_true", help="start from a thread that ends, as settings may")
    parser.add_argument("--fork", action="store_true", help="leave a forked child behind, as a process pool does")
    parser.add_argument("--as-user", type=int, default=os.geteuid(), help="become this user before anything starts")
    arguments = parser.parse_args()
    become(arguments.as_user)
    if arguments.in_thread:
        thread = threading.Thread(target=urls, args=(arguments.state, arguments.names), kwargs={"durable": False})
        thread.start()
        thread.join()
        say(dict(urls(arguments.state, arguments.names)))
        sys.stdin.read()
        return
    with Stack(arguments.state, arguments.names, durable=False) as stack:
        told = stack.environment()
        if arguments.fork:
            told["FORKED"] = str(fork(stack))
        say(told)
        sys.stdin.read()


def become(uid: int) -> None:
    """Drop to that user. What Python loads later is loaded before, as the interpreter may be closed to them."""
    for module in ["encodings.idna", "config.embedded.postgres", "config.embedded.valkey"]:
        importlib.import_module(module)
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)


def say(told: dict[str, str]) -> None:
    """One line for the test."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def fork(stack: Stack) -> int:
    """A child that tries to stop what its parent owns, then waits for a signal; returns its pid."""
    pid = os.fork()
    if pid == 0:
        stack.stop()
        signal.pause()
        os._exit(0)
    return pid


if __name__ == "__main__":
    main()

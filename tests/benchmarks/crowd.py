"""A crowd of browsers without windows, in a process of its own: many open pages, or many connections at once.

`python -m tests.benchmarks.crowd follow …` says `open` when every page shows its snapshot, and at the end what it saw
as one line of JSON. Both sides of a measured time are `time.time()` of one machine.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

HOST = "127.0.0.1"
AT_ONCE = 50  # pages that open side by side: people do not all come in the same second
TRIES = 5
LIMIT = 1 << 20


@dataclass
class Seen:
    """What the crowd saw: milliseconds of what came, and how many times what went wrong."""

    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        """One line of JSON."""
        return json.dumps({"took": self.took, "errors": self.errors})


async def asked(port: int, path: str, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which a page was asked for."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=LIMIT)
    ask(writer, path, cookie)
    return reader, writer


def ask(writer: asyncio.StreamWriter, path: str, cookie: str) -> None:
    """Ask for a page and keep the connection."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())


async def head(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Status of an answer, and the bytes of its body when it says how many."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
    return int(lines[0].split()[1]), length


async def follow(asked_for: argparse.Namespace) -> Seen:
    """Keep many event streams open; each must bring every message once, with its time of publishing in `sent`."""
    seen, door, everybody = Seen(), asyncio.Semaphore(AT_ONCE), asyncio.Event()
    ready = [asyncio.Event() for _page in range(asked_for.number)]
    pages = [asyncio.create_task(page(asked_for, seen, door, shown, everybody)) for shown in ready]
    await asyncio.gather(*(shown.wait() for shown in ready))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    everybody.set()
    await asyncio.gather(*pages)
    return seen


async def page(
    asked_for: argparse.Namespace, seen: Seen, door: asyncio.Semaphore, shown: asyncio.Event, everybody: asyncio.Event
) -> None:
    """One open page until it has all messages; what has not come in time, once everybody is there, is an error each."""
    missing = set(range(asked_for.messages))
    try:
        async with door:
            reader, writer = await asked(asked_for.port, asked_for.path, asked_for.cookie)
            status, _length = await head(reader)
            if status != 200:
                raise ConnectionError(f"answer {status}")
            await reader.readuntil(b"event: changed\n")
        shown.set()
        await everybody.wait()
        async with asyncio.timeout(asked_for.seconds):
            while missing:
                line = await reader.readuntil(b"\n")
                if line.startswith(b'data: {"number"'):
                    message = json.loads(line[6:])
                    missing.remove(message["number"])
                    seen.took.append((time.time() - message["sent"]) * 1000)
        writer.close()
    except (OSError, EOFError, KeyError, TimeoutError) as error:
        seen.errors[type(error).__name__ + f" {error}"] += max(1, len(missing))
    finally:
        shown.set()


async def visit(asked_for: argparse.Namespace) -> Seen:
    """Connect all at once, and ask for the page several times on each connection."""
    seen = Seen()
    await asyncio.gather(*(visitor(asked_for, seen) for _ in range(asked_for.number)))
    return seen


async def visitor(asked_for: argparse.Namespace, seen: Seen) -> None:
    """One connection and its visits, each of which must be answered with the whole page."""
    try:
        async with asyncio.timeout(asked_for.seconds):
            reader, writer = await asyncio.open_connection(HOST, asked_for.port, limit=LIMIT)
            for _again in range(TRIES):
                began = time.time()
                ask(writer, asked_for.path, asked_for.cookie)
                status, length = await head(reader)
                await reader.readexactly(length)
                if status != 200 or not length:
                    raise ConnectionError(f"answer {status}, {length} bytes")
                seen.took.append((time.time() - began) * 1000)
            writer.close()
    except (OSError, EOFError, TimeoutError) as error:
        seen.errors[f"{type(error).__name__} {error}"] += 1


def main(arguments: Sequence[str]) -> None:
    """Be the crowd, then say what it saw."""
    parser = argparse.ArgumentParser()
    parser.add_argument("how", choices=["follow", "visit"])
    parser.add_argument("path")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cookie", required=True)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked_for = parser.parse_args(arguments)
    sys.stdout.write(asyncio.run((follow if asked_for.how == "follow" else visit)(asked_for)).told() + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""`bin/demo`: the whole of Scriptorium on one machine, or, with --write, one book from the command line."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import environ

from config.embedded import Stack
from config.embedded.service import is_free
from config.sandbox import sandbox
from config.supervisor import ChildFailed, Supervisor, port_of, workers

FOLDER = Path(__file__).resolve().parent.parent
DEMO_EMAIL = "demo@scriptorium.localhost"


class Stopped(Exception):
    """Somebody asked for the end."""


def main() -> int:
    """Start everything, serve or write, stop everything; the exit status says how it went."""
    arguments = parse()
    environ.Env.read_env(FOLDER / ".env")  # an address given there is one that needs no service here
    state = Path(os.environ.get("STATE_DIR") or FOLDER / ".local")
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _stop)
    try:
        with running(state, arguments) as environment:
            if arguments.write:
                return write(environment, arguments)
            serve(state, environment, arguments)
    except Stopped:
        print("\nStopped.")
    except ChildFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/demo", description=__doc__)
    parser.add_argument("--write", metavar="TITLE", help="write one book with this title, save its files, and end")
    parser.add_argument("--chapters", type=int, default=4, help="how many chapters (default: %(default)s)")
    parser.add_argument("--words", type=int, default=400, help="words per chapter, 200 to 5000 (default: %(default)s)")
    parser.add_argument("--language", choices=["en", "fr"], default="en", help="the book's language")
    parser.add_argument("--out", type=Path, default=Path("books-written"), help="where the files go")
    parser.add_argument("--fake-llm", action="store_true", help="scripted full-length books, at once")
    parser.add_argument("--port", type=int, default=8000, help="the site's port, or the next free one")
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


@contextmanager
def running(state: Path, arguments: argparse.Namespace) -> Iterator[Mapping[str, str]]:
    """The services this machine lacks, migrated; yields the environment every process gets."""
    started = time.monotonic()
    given = {"database": "DATABASE_URL", "valkey": "REDIS_URL", "mail": "EMAIL_URL", "model": "LLM_URL"}
    wanted = [name for name, key in given.items() if not os.environ.get(key)]
    if arguments.fake_llm and "model" in wanted:
        wanted.remove("model")
    with Stack(state, wanted) as stack, Supervisor(FOLDER, state / "logs") as supervisor:
        environment = {**stack.environment(), "STATE_DIR": str(state), "DJANGO_SETTINGS_MODULE": "config.settings"}
        if arguments.fake_llm:
            environment |= fake_model(supervisor, state)
        manage(environment, "migrate", "--verbosity", "0")
        print(f"Services ready after {time.monotonic() - started:.1f} s.", flush=True)
        yield environment


def fake_model(supervisor: Supervisor, state: Path) -> dict[str, str]:
    """Start the scripted model server and return its settings."""
    port_file = state / "fake-llm.port"
    serve_fake = [sys.executable, "-m", "tests.fakes.llm", "--port", "0", "--port-file", str(port_file)]
    return {
        "LLM_URL": f"http://127.0.0.1:{port_of(supervisor, 'fake-llm', serve_fake, port_file)}/v1",
        "LLM_API_KEY": "fake",
        "LLM_MODEL": "scripted",
        "LLM_LABEL": "scripted books",
        "LLM_CONTEXT_TOKENS": "16384",
        "WRITING_THREADS": "10",
    }


def manage(environment: Mapping[str, str], *arguments: str, quiet: bool = False) -> int:
    """Run one management command to its end and return its status; a failing `migrate` ends the demo."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=FOLDER,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    )
    if done.returncode and arguments[0] == "migrate":
        raise ChildFailed("The database could not be migrated.")
    return done.returncode


def write(environment: Mapping[str, str], arguments: argparse.Namespace) -> int:
    """One book by the same actions and workers as the site's."""
    with Supervisor(FOLDER, Path(environment["STATE_DIR"]) / "logs") as supervisor:
        workers(supervisor, environment, writing_threads=int(environment.get("WRITING_THREADS", "4")))
        out = arguments.out.resolve()
        command = ["write_book", arguments.write, "--chapters", str(arguments.chapters), "--words"]
        command += [str(arguments.words), "--language", arguments.language, "--out", str(out)]
        return manage(environment, *command, "--email", DEMO_EMAIL, "--credits", "1000")


def serve(state: Path, environment: Mapping[str, str], arguments: argparse.Namespace) -> None:
    """The site at localhost, until somebody stops it."""
    port = next(port for port in range(arguments.port, arguments.port + 100) if is_free(port))
    address = f"http://localhost:{port}"
    environment = {**environment, "SITE_URL": address}
    with Supervisor(FOLDER, state / "logs") as supervisor:
        if not os.environ.get("STRIPE_SECRET_KEY"):
            environment = {**environment, **sandbox(supervisor, state, address)}
            manage(environment, "sync_catalogue", "--yes", quiet=True)
        web = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1"]
        web += ["--port", str(port), "--log-level", "warning", "--timeout-graceful-shutdown", "2"]
        supervisor.add("web", web, environment)
        wait_for(supervisor, f"{address}/livez")
        workers(supervisor, environment, writing_threads=int(environment.get("WRITING_THREADS", "4")))
        greet(environment, address)
        while True:
            supervisor.check()
            time.sleep(0.5)


def greet(environment: Mapping[str, str], address: str) -> None:
    """Say where everything is; make the demo's staff account once, and keep its credits up."""
    password_file = Path(environment["STATE_DIR"]) / "secrets" / "demo_password"
    manage(environment, "open_demo_account", DEMO_EMAIL, str(password_file), quiet=True)
    manage(environment, "fill_demo_account", DEMO_EMAIL, quiet=True)
    print(f"\n  Scriptorium   {address}")
    print(f"  Mail          {address}/mail/          (every mail the site sends)")
    print(f"  Admin         {address}/admin/         {DEMO_EMAIL}  {password_file.read_text().strip()}")
    print(f"  Model         {environment.get('LLM_LABEL') or environment.get('LLM_URL') or os.environ.get('LLM_URL')}")
    if sandboxed := environment.get("STRIPE_URL"):
        print(f"  Payments      {sandboxed}/          (no money moves; card 4242 4242 4242 4242)")
    print("\n  Ctrl-C stops everything.", flush=True)


def wait_for(supervisor: Supervisor, url: str) -> None:
    """Wait until the site answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        supervisor.check()
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own loopback address
                return
        except OSError:
            time.sleep(0.1)
    raise ChildFailed(f"The site did not answer at {url}.")


if __name__ == "__main__":
    sys.exit(main())

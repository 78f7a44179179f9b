"""What each local service gives once it runs."""

import smtplib
import stat
from email import message_from_bytes
from pathlib import Path

import httpx
import psycopg
import pytest
import redis

from config.embedded import ServiceFailed, Stack, secret_key
from config.embedded.service import Service
from tests.embedded.machine import remember, remembered, wait_for


def test_the_web_role_may_step_into_system_but_neither_bypasses_policies_nor_changes_the_schema(stack: Stack) -> None:
    rights = "SELECT rolbypassrls, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    with psycopg.connect(stack.environment()["DATABASE_URL"], autocommit=True) as connection:
        assert connection.execute(rights).fetchone() == (False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (id int)")
        connection.execute("SET ROLE scriptorium_system")
        assert connection.execute(rights).fetchone() == (True, False, False)


def test_the_owner_role_owns_the_database_and_bypasses_policies(stack: Stack) -> None:
    with psycopg.connect(stack.environment()["DATABASE_OWNER_URL"]) as connection:
        found = connection.execute(
            "SELECT rolbypassrls, rolsuper, rolcreatedb, pg_get_userbyid(datdba) = current_user"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    assert found == (True, False, True, True)


def test_the_web_role_inherits_nothing_from_system(stack: Stack) -> None:
    with psycopg.connect(stack.environment()["DATABASE_SUPERUSER_URL"]) as connection:
        found = connection.execute(
            "SELECT inherit_option, set_option, admin_option FROM pg_auth_members"
            " WHERE roleid = 'scriptorium_system'::regrole AND member = 'scriptorium_web'::regrole"
        ).fetchall()
    assert found == [(False, True, False)]


def test_text_sorts_and_folds_without_the_machines_locale(stack: Stack) -> None:
    with psycopg.connect(stack.environment()["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT unaccent(lower('ÉCŒUR')), to_tsvector('french', 'ÉCOLES')::text").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()
    assert found == ("ecoeur", "'écol':1")
    assert encoding == ("UTF8",)


def test_a_wrong_password_opens_nothing(stack: Stack) -> None:
    environment = stack.environment()
    wrong = environment["DATABASE_URL"].replace("scriptorium_web:", "scriptorium_web:x", 1)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)
    for changed in [environment["REDIS_URL"].replace("redis://:", "redis://:x"), "redis://127.0.0.1:" + port(stack)]:
        with redis.Redis.from_url(changed) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def port(stack: Stack) -> str:
    """Valkey's port, with its database."""
    return stack.environment()["REDIS_URL"].rsplit(":", 1)[1]


def test_the_model_answers_in_openais_shape_to_who_has_the_key(stack: Stack) -> None:
    environment = stack.environment()
    asked = {"model": environment["LLM_MODEL"], "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
    address = f"{environment['LLM_URL']}/chat/completions"
    key = {"Authorization": f"Bearer {environment['LLM_API_KEY']}"}
    answer = httpx.post(address, json=asked, headers=key, timeout=60).json()
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert 0 < answer["usage"]["completion_tokens"] <= 4
    assert httpx.post(address, json=asked, timeout=10).status_code == 401


def test_the_sink_keeps_each_message_as_a_file(stack: Stack) -> None:
    environment = stack.environment()
    host, number = environment["EMAIL_URL"].removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(number)) as client:
        client.sendmail("hello@example.org", ["ada@example.org"], "Subject: Your code\n\nÉté 123456\n".encode())
    folder = Path(environment["MAIL_SINK_DIR"])
    assert wait_for(lambda: any(folder.glob("*.eml")))
    message = message_from_bytes(next(folder.glob("*.eml")).read_bytes())
    assert message["Subject"] == "Your code"
    assert message["X-RcptTo"] == "ada@example.org"
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().strip() == "Été 123456"


@pytest.mark.parametrize("how", ["restart", "kill and restart"])
def test_a_restarted_database_keeps_its_port_and_its_rows(stack: Stack, how: str) -> None:
    before = stack.environment()
    remember(before, how)
    if how.startswith("kill"):
        stack.kill("database")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(before["DATABASE_URL"])
    stack.restart("database")
    assert stack.environment() == before
    assert how in remembered(before)


@pytest.mark.parametrize("name", ["valkey", "model", "mail"])
def test_the_others_restart_where_they_were(stack: Stack, name: str) -> None:
    before = stack.environment()
    stack.kill(name)
    stack.restart(name)
    assert stack.environment() == before


def test_secrets_and_addresses_are_readable_by_their_owner_alone(stack: Stack) -> None:
    for service in stack.services.values():
        secret = [*service.folder.glob("*.secret"), *service.folder.glob("*.conf"), service.folder / "where.json"]
        assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [*secret, service.folder]} == {0}


def test_the_development_secret_key_is_made_once(state: Path) -> None:
    assert len(secret_key(state)) >= 50
    assert secret_key(state) == secret_key(state)


def test_a_service_that_cannot_start_says_why(state: Path) -> None:
    class Broken(Service):
        name = "broken"

        def launch(self) -> dict[str, str]:
            self.spawn(["sh", "-c", "echo the disk is made of cheese; exit 3"])
            self.wait_until(lambda: False)
            return {}

    broken = Broken(state)
    with pytest.raises(ServiceFailed, match=r"broken did not start(.|\n)*the disk is made of cheese"):
        broken.start_or_join()
    assert broken.lock is None


def test_what_another_process_owns_is_neither_killed_nor_restarted(stack: Stack) -> None:
    joined = Stack(next(iter(stack.services.values())).state, ["valkey"]).start()
    with pytest.raises(ServiceFailed, match="belongs to another process"):
        joined.kill("valkey")
    with pytest.raises(ServiceFailed, match="belongs to another process"):
        joined.restart("valkey")
    joined.stop()
    with redis.Redis.from_url(stack.environment()["REDIS_URL"]) as client:
        assert client.ping()

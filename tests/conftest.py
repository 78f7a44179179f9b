"""Ground of all tests: real PostgreSQL and Valkey of their own, the web role, no network but loopback, and the cast.

Settings are loaded after this file: the environment it sets is what they read. Two runs in one checkout never meet,
because each takes a state folder nobody else holds; xdist's workers share the services of the process that began.
"""

import fcntl
import importlib
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

import django
import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone, translation

ROOT = Path(__file__).resolve().parent.parent
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
_held: list[IO[str]] = []  # the lock on our state folder, for as long as the process lives


def _free_state() -> Path:
    """A state folder that no other run of tests holds; its database server's data is used again next time."""
    for number in count(1):
        folder = ROOT / ".local" / f"test-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        lock = open(folder / "tests.lock", "w")  # noqa: SIM115  # held until the process ends
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        _held.append(lock)
        return folder
    raise AssertionError("count() does not end")


def _prepare_environment() -> None:
    """What settings read. An address that the caller gave (CI's own PostgreSQL) is used as it is."""
    from config import embedded

    os.environ["ENVIRONMENT"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    # Nothing listens there: a test that wants a model takes the fixture `language_model`, never a developer's own.
    os.environ["LLM_URL"] = "http://127.0.0.1:9/v1"
    os.environ["DOOR_SECONDS"] = "0"  # a test waits for nothing; the benchmark of the doors measures with it
    os.environ["MODEL_ROUTES"] = os.environ["MODEL_ROUTES_FILE"] = ""
    if not WORKER:
        state = _free_state()
        (state / "static").mkdir(exist_ok=True)  # WhiteNoise warns where nothing was collected
        os.environ["STATE_DIR"] = str(state)
        names = {"database": "DATABASE_URL", "valkey": "REDIS_URL"}
        wanted = {name for name, key in names.items() if not os.environ.get(key)}
        os.environ.update(embedded.urls(state, wanted, durable=False) if wanted else {})
    # Sixteen numbered databases in a Valkey: 0 for a run without workers, then one for each worker.
    server = os.environ["REDIS_URL"].rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{server}/{int(WORKER.removeprefix('gw')) + 1 if WORKER else 0}"


if django_settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: settings must be read after tests/conftest.py.")
_prepare_environment()
django.setup()
# Workers inherit our environment, and with this in it pytest-django would read their settings before they come here.
del os.environ["DJANGO_SETTINGS_MODULE"]


# ── Database: made by the owner, tested as the web role ─────────────────────────────────────────────────────────────


def _use_owner() -> None:
    from django.conf import settings
    from django.db import connection

    from core.postgres.roles import use_owner

    use_owner(connection, settings.DATABASE_OWNER_URL)


def _use_web() -> None:
    import environ
    from django.conf import settings
    from django.db import connection

    from core.postgres.roles import use_role

    web = environ.Env.db_url_config(settings.DATABASE_URL)
    use_role(connection, web["USER"], web["PASSWORD"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The owner creates and migrates the test database."""
    _use_owner()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Everything after that is done as the web role, under row level security, as in production."""
    _use_web()
    yield
    _use_owner()


@pytest.fixture(autouse=True)
def _emptied_by_the_owner(request: pytest.FixtureRequest, _django_db_marker: None) -> Iterator[None]:
    """After a test with real commits Django truncates every table: the owner's right. Runs just before that."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        _use_owner()


# Migrations that put rows in, which no test could do without.
PLANTED = ["billing.migrations.0002_first_tariff", "billing.migrations.0004_second_tariff"]
PLANTED += ["billing.migrations.0006_third_tariff", "billing.migrations.0013_first_catalogue"]
PLANTED += ["accounts.migrations.0006_first_legal_texts"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After all fixtures are gone: what migrations had put in is put back, and the web role takes over again.

    Nothing follows the last test: its teardown has dropped the database.
    """
    result = yield
    marker = item.get_closest_marker("django_db")
    if nextitem is not None and marker and marker.kwargs.get("transaction"):
        from django.apps import apps
        from pytest_django.plugin import blocking_manager_key

        with item.config.stash[blocking_manager_key].unblock():
            for planted in PLANTED:
                importlib.import_module(planted).make(apps, None)
            _use_web()
    return result


# ── Valkey, queue, mail ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session", autouse=True)
def _celery() -> None:
    """The application that tasks are sent through; nothing is run eagerly."""
    importlib.import_module("config.celery").app.loader.import_default_modules()


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """Each test begins with an empty Valkey: no cache, no rate limit, no event, no message of another one."""
    from core import events

    events.client().flushdb()


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Each test begins in English and UTC: a request leaves its reader's language and zone in this thread."""
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def one_moment() -> Iterator[None]:
    """Python's clock stands still: for tests that name a day, no midnight passes between two lines."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture(autouse=True)
def _queued_mail(settings: Any) -> None:
    """Mail takes our own road (pytest-django would cut it short) and ends in `django.core.mail.outbox`."""
    settings.EMAIL_BACKEND = "core.mail.QueuedBackend"
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Stored files of a test go with it."""
    if settings.STORAGES["default"]["BACKEND"] == "core.storage.FolderStorage":
        own = {"BACKEND": "core.storage.FolderStorage", "OPTIONS": {"location": str(tmp_path / "files")}}
        settings.STORAGES = {**settings.STORAGES, "default": own}


@pytest.fixture
def run_queue(request: pytest.FixtureRequest, settings: Any) -> Callable[[], int]:
    """Do what was put on offer, in this process, until nothing is due; returns how many tasks were performed.

    A heartbeat has a connection of its own, which cannot see a lease of a test's open transaction and would take it
    for lost: there it does not beat.
    """
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        settings.LEASE_HEARTBEAT_SECONDS = 3600.0
    return perform_due


def perform_due(limit: int = 500) -> int:
    """Perform due leases as workers would, each under its organization, oldest first.

    Raises AssertionError when `limit` tasks did not empty the table: something offers itself for ever.
    """
    from celery import current_app
    from django.db.models import Q
    from django.db.models.functions import Now

    from core import tenancy
    from core.models import Lease

    performed = 0
    free = Q(held_until__isnull=True) | Q(held_until__lt=Now())
    while due := list(Lease.objects.filter(free, available_at__lte=Now()).order_by("available_at", "id")):
        for lease in due:
            performed += 1
            assert performed <= limit, f"{lease} is offered again and again"
            task = current_app.tasks[lease.task]
            if lease.organization_id is None:
                task(str(lease.pk))
            else:
                with tenancy.declared(lease.organization_id):
                    task(str(lease.pk))
    return performed


# ── Language model: scripted, over the wire ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def _fake_server() -> Iterator[Any]:
    from tests.fakes.llm import FakeLanguageModel

    with FakeLanguageModel() as fake:
        yield fake


@pytest.fixture
def language_model(_fake_server: Any, settings: Any) -> Iterator[Any]:
    """The scripted model as the configured one, its counter at zero: `.control` scripts faults and lists calls."""
    _fake_server.control.reset()
    settings.LANGUAGE_MODEL = {
        **settings.LANGUAGE_MODEL,
        "LLM_URL": _fake_server.url,
        "LLM_API_KEY": "fake",
        "LLM_MODEL": "scripted",
        "LLM_LABEL": "scripted",
        "LLM_CONTEXT_TOKENS": "16384",
    }
    yield _fake_server
    _fake_server.control.reset()


# ── The cast ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def organization(db: None) -> Any:
    """The organization most tests happen in."""
    from tests import builders

    return builders.make_organization(name="Atelier", slug="atelier")


@pytest.fixture
def owner(organization: Any) -> Any:
    """Owner of `organization`."""
    from tests import builders

    return builders.make_member(organization, "owner", display_name="Olive Owner")


@pytest.fixture
def editor(organization: Any) -> Any:
    """A member of `organization`."""
    from tests import builders

    return builders.make_member(organization, "member", display_name="Edgar Editor")


@pytest.fixture
def viewer(organization: Any) -> Any:
    """A guest of `organization`."""
    from tests import builders

    return builders.make_member(organization, "guest", display_name="Vera Viewer")


@pytest.fixture
def outsider(db: None) -> Any:
    """Owner of another organization, with nothing to do in `organization`."""
    from tests import builders

    other = builders.make_organization(name="Elsewhere", slug="elsewhere")
    return builders.make_member(other, "owner", display_name="Otto Outsider")


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """A browser in which that person is signed in; staff with their second factor, as the admin asks."""
    from tests import builders

    def sign_in(person: Any) -> Client:
        client = Client()
        client.force_login(person)
        if person.is_staff:
            builders.show_factor(client, person)
        elif not person.has_usable_password():
            builders.prove(client, person, method="code")
        return client

    return sign_in

"""What production refuses to start without, and what Django itself would say about its settings and migrations."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.models import Lease
from tests.contracts.source import ROOT, imported, modules

PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://web@127.0.0.1:9/scriptorium",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "LLM_URL": "https://models.example.org/v1",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "FIELD_KEYS": "b25seS1mb3ItdGhpcy10ZXN0LTAxMjM0NTY3ODktYWI=",
    "AUDIT_SIGNING_KEY": "b25seS1mb3ItdGhpcy10ZXN0LTAxMjM0NTY3ODktYWI=",
    "SITE_URL": "https://books.example.org",
    "ALLOWED_HOSTS": "books.example.org",
}
REQUIRED = ("DATABASE_URL", "REDIS_URL", "LLM_URL", "SECRET_KEY", "FIELD_KEYS", "AUDIT_SIGNING_KEY")


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with that environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_djangos_own_deployment_check_is_clean() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_weak_setting_is_caught() -> None:
    weak = {**PRODUCTION, "SECRET_KEY": "short", "SECURE_SSL_REDIRECT": "false"}
    said = manage("check", "--deploy", "--fail-level", "WARNING", **weak).stderr
    assert "security.W008" in said
    assert "security.W009" in said


@pytest.mark.parametrize("name", REQUIRED)
def test_production_names_what_is_missing(name: str) -> None:
    done = manage("check", **{key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert f"{name} is not set: production needs" in done.stderr


def test_the_example_copied_as_it_is_changes_nothing() -> None:
    example = dict(re.findall(r"^([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
    asleep = {name: PRODUCTION[name] for name in REQUIRED}
    without, copied = (manage("diffsettings", "--all", **given) for given in (asleep, {**example, **asleep}))
    assert copied.returncode == 0, copied.stderr
    differ = set(copied.stdout.splitlines()) ^ set(without.stdout.splitlines())
    assert [line for line in sorted(differ) if " at 0x" not in line] == []


def test_modules_import_one_another_by_content(tmp_path: Path) -> None:
    done = manage("collectstatic", "--no-input", "--verbosity", "0", **PRODUCTION, STATE_DIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    served = tmp_path / "static" / "js"
    (chat,) = served.glob("chat.*.js")
    (imported_name,) = re.findall(r'from "\./(events\.\w+\.js)"', chat.read_text())
    assert (served / imported_name).is_file()


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=said)
    assert "No changes detected" in said.getvalue()


@pytest.mark.django_db
def test_a_missing_migration_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    # A field that says something other than its migration: the registry is the check's own input.
    monkeypatch.setattr(Lease._meta.get_field("task"), "max_length", 101)
    with pytest.raises(SystemExit):
        call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def foreign_imports(path: str, text: str) -> list[str]:
    """Imports of a migration beyond the standard library, Django and what is kept stable for migrations' sake."""
    mine = {"accounts", "audit", "billing", "books", "config", "organizations", "tests"}
    stable = ("core.fields", "core.ids", "core.rls")
    return [
        f"{path}:{line} {name}"
        for line, name in imported(text)
        if name.split(".")[0] in mine or (name.startswith("core.") and not name.startswith(stable))
    ]


def test_migrations_import_nothing_that_will_change() -> None:
    migrations = {path: text for path, text in modules().items() if "/migrations/" in path}
    assert migrations
    assert [one for path, text in migrations.items() for one in foreign_imports(path, text)] == []


def test_a_migration_that_imports_an_app_is_caught() -> None:
    assert foreign_imports("books/migrations/planted.py", "from books.models import Book\n")
    assert foreign_imports("books/migrations/planted.py", "from core import tenancy\n")
    assert not foreign_imports("books/migrations/planted.py", "from core import rls\nimport core.ids\n")

"""Floors, rooms and privacy: what import-linter holds, proved on a small breach of each contract."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source import PACKAGES, ROOT


def lint(folder: Path) -> str:
    """What import-linter prints for the packages in `folder`, empty when every contract is kept."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(
        [*command, "--no-cache", "--config", str(folder / ".importlinter")],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of our packages to plant breaches in."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def test_every_import_goes_down() -> None:
    assert lint(ROOT) == ""


def test_every_app_is_under_contract() -> None:
    existing = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"config", "core"}
    assert existing == set(PACKAGES)
    text = (ROOT / ".importlinter").read_text()
    assert [package for package in PACKAGES if f"    {package}\n" not in text] == []


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("core/planted.py", "import books.models", "Apps import downwards only"),
        ("books/planted.py", "import config.urls", "nobody imports config"),
        ("books/transitions/planted.py", "import books.actions", "each room imports only those below it"),
        ("books/models/planted.py", "import books.queries", "each room imports only those below it"),
        ("organizations/queries/planted.py", "import accounts.jobs.beta", "are private to it"),
        ("books/views/planted.py", "from audit.admin import entries", "are private to it"),
        ("books/jobs/planted.py", "import openai", "The packages that ask a language model"),
        ("billing/jobs/planted.py", "import stripe", "The package that asks Stripe"),
    ],
)
def test_a_planted_breach_is_caught(copy: Path, path: str, line: str, contract: str) -> None:
    (copy / path).write_text(f"{line}\n")
    broken = [told for told in lint(copy).splitlines() if " BROKEN" in told]
    assert [told for told in broken if contract in told]

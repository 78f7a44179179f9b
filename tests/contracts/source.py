"""The project's own source, as the contracts read it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ["audit", "accounts", "organizations", "billing", "books"]
PACKAGES = ["config", "core", *APPS]


def modules(*packages: str, tests: bool = False) -> dict[str, str]:
    """Path (from the root) and text of every Python module of these packages (all of ours by default)."""
    folders = [ROOT / name for name in (packages or PACKAGES)] + ([ROOT / "tests"] if tests else [])
    files = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


def templates() -> dict[str, str]:
    """Path and text of every template."""
    files = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


def room(path: str) -> str:
    """The room a module of an app is in: `actions` for books/actions.py and for books/actions/runs.py."""
    parts = Path(path).with_suffix("").parts
    return parts[1] if len(parts) > 1 else ""


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods included."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from `def` to its end: decorators and docstring do not count."""
    body = function.body
    first = body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def imported(text: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a module imports; `from a import b` is `a.b`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

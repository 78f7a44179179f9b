"""What each room may hold: HTTP stops at the views, actions are atomic and keyword-only, no room for leftovers."""

import ast
from pathlib import Path

from tests.contracts.source import APPS, functions, imported, modules, room

HTTP_ROOMS = {
    "views",
    "forms",
    "api",
    "admin",
    "middleware",
    "urls",
    "apps",
    "context",
    "access",
    "adapter",
    "receivers",
}
HTTP = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages", "django.test")
BANNED = {"utils", "helpers", "common", "misc", "services", "managers"}
ROOMS = {
    "apps", "urls", "views", "api", "admin", "middleware", "management", "templatetags", "forms", "access", "actions",
    "tasks", "jobs", "transitions", "queries", "models", "querysets", "providers", "errors", "signals",
    "migrations", "__init__",
    # Seams that a framework asks for by its own name.
    "context", "adapter", "receivers", "passwords",
}  # fmt: skip


def http_violations(path: str, text: str) -> list[str]:
    """Imports of HTTP, and names of requests, in a room below the views."""
    if room(path) in HTTP_ROOMS:
        return []
    found = [
        f"{path}:{line} imports {name}"
        for line, name in imported(text)
        if any(name == module or name.startswith(f"{module}.") for module in HTTP)
    ]
    for function in functions(text):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        for argument in arguments:
            annotation = ast.unparse(argument.annotation) if argument.annotation else ""
            if annotation.endswith("HttpRequest") or (argument.arg == "request" and not annotation):
                found.append(f"{path}:{function.lineno} {function.name} takes a request")
    return found


def action_violations(path: str, text: str) -> list[str]:
    """Public functions of `actions` that are not atomic, or take anything but keywords."""
    found = []
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or room(path) != "actions":
            continue
        if not node.returns or (writes(node) and "transaction.atomic" not in map(ast.unparse, node.decorator_list)):
            found.append(f"{path}:{node.lineno} {node.name} is not @transaction.atomic")
        if writes(node) and (node.args.args or node.args.posonlyargs or node.args.vararg):
            found.append(f"{path}:{node.lineno} {node.name} takes positional arguments")
    return found


def writes(function: ast.FunctionDef) -> bool:
    """Whether a function of the room is an action: pure functions of their arguments (a brief's fields) are not."""
    touched = ("create", "save", "update", "delete", "record", "move", "send", "offer", "withdraw", "get_or_create")
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in touched
        for node in ast.walk(function)
    )


def name_violations(path: str) -> list[str]:
    """Modules and packages whose name says nothing."""
    return [f"{path}: no `{part}`" for part in Path(path).with_suffix("").parts if part in BANNED]


def test_http_stops_at_the_views() -> None:
    assert [one for path, text in modules(*APPS).items() for one in http_violations(path, text)] == []


def test_http_below_the_views_is_caught() -> None:
    assert http_violations("books/actions/planted.py", "from django.http import HttpRequest\n")
    assert http_violations("books/jobs/planted.py", "import django.shortcuts\n")
    assert http_violations("books/queries/planted.py", "def page(request): ...\n")
    assert http_violations("books/models/planted.py", 'def page(r: "http.HttpRequest"): ...\n'.replace('"', ""))
    assert not http_violations("books/views/planted.py", "from django.http import HttpRequest\n")


def test_actions_are_atomic_and_keyword_only() -> None:
    assert [one for path, text in modules(*APPS).items() for one in action_violations(path, text)] == []


def test_an_action_without_transaction_or_keywords_is_caught() -> None:
    action = "def shut(book: Book) -> None:\n    book.save()\n"
    assert len(action_violations("books/actions/planted.py", action)) == 2
    right = "@transaction.atomic\ndef shut(*, book: Book) -> None:\n    book.save()\n"
    assert action_violations("books/actions/planted.py", right) == []


def test_every_module_has_a_room() -> None:
    paths = modules(*APPS)
    assert [path for path in paths if room(path) not in ROOMS] == []
    assert [one for path in modules(tests=True) for one in name_violations(path)] == []


def test_a_room_for_leftovers_is_caught() -> None:
    assert name_violations("books/utils.py")
    assert name_violations("books/services/runs.py")
    assert room("books/shelf.py") not in ROOMS

"""How long things may be: modules 400 lines, views 25, actions 40 (decorators and docstrings do not count)."""

from tests.contracts.source import functions, length, modules, room

MODULE_LINES = 400
FUNCTION_LINES = {"views": 25, "actions": 40}


def violations(path: str, text: str) -> list[str]:
    """What is too long in one module."""
    lines = text.count("\n")
    found = [f"{path}: {lines} lines"] if lines > MODULE_LINES else []
    most = FUNCTION_LINES.get(room(path))
    if most:
        found += [
            f"{path}:{function.lineno} {function.name}: {length(function)} lines, {most} at most"
            for function in functions(text)
            if length(function) > most
        ]
    return found


def test_nothing_is_too_long() -> None:
    assert [one for path, text in modules(tests=True).items() for one in violations(path, text)] == []


def test_a_long_module_is_caught() -> None:
    assert violations("books/queries/planted.py", "x = 1\n" * 401)


def test_a_long_view_is_caught() -> None:
    view = 'def page(request):\n    """One line."""\n' + "    x = 1\n" * 25
    assert violations("books/views/planted.py", view)
    assert not violations("books/views/planted.py", view.replace("    x = 1\n", "", 1))


def test_a_long_action_is_caught() -> None:
    assert violations("books/actions.py", "def act():\n" + "    x = 1\n" * 40)
    assert not violations("books/queries.py", "def act():\n" + "    x = 1\n" * 40)

"""The trail in words: every act that code writes down has a label for the screens, and no label is left over."""

import ast
import re
from collections.abc import Iterator

import pytest

from audit.queries import acts
from billing.models import PurchaseState
from books.models import Decision, RevisionKind, RunState, StepState, VersionOrigin
from organizations.models import PERMISSIONS
from tests.contracts.source import APPS, modules

ACT = re.compile("[a-z_]+[.][a-z_]+")
# Names that are put together, by the expression that does it: what it can come to.
PUT_TOGETHER: dict[str, list[str]] = {
    "f'purchase.{to}'": [f"purchase.{state}" for state in PurchaseState if state != PurchaseState.PREPARING],
    "f'run.{to}'": [f"run.{state}" for state in RunState if state != RunState.PENDING],
    "f'step.{to}'": [f"step.{state}" for state in StepState if state != StepState.WORKING],
    "f'chapter.{version.origin}'": [f"chapter.{one}" for one in (VersionOrigin.REWRITTEN, VersionOrigin.RESTORED)],
    "f'chapter.{origin}'": [f"chapter.{one}" for one in (VersionOrigin.EDITED, VersionOrigin.MERGED)],
    "f'chapter.{cut.act}_undone'": ["chapter.split_undone", "chapter.merge_undone"],
    "f'revision.{kind}'": [f"revision.{kind}" for kind in RevisionKind],
    "f'rewrite.{decision}'": [f"rewrite.{decision}" for decision in Decision if decision != Decision.OPEN],
}


def written(text: str) -> Iterator[ast.expr]:
    """First arguments of calls of the trail's writer."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in {"audit.record", "record"}:
            yield node.args[0]


def names(expression: ast.expr, text: str) -> list[str] | None:
    """The acts an expression can name; None for one that nobody has listed.

    A variable can be each of its module's strings that look like an act: `noun.verb`, and no permission.
    """
    if isinstance(expression, ast.Constant):
        return [str(expression.value)]
    if isinstance(expression, ast.IfExp):
        both = [names(expression.body, text), names(expression.orelse, text)]
        return None if None in both else [name for one in both for name in one or ()]
    if isinstance(expression, ast.Name):
        said = {str(node.value) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
        return sorted(one for one in said if ACT.fullmatch(one) and one not in PERMISSIONS) or None
    return PUT_TOGETHER.get(ast.unparse(expression))


def found() -> dict[str, list[str] | None]:
    """Every expression, by where it stands, and what it names."""
    return {
        f"{path}: {ast.unparse(expression)}": names(expression, text)
        for path, text in modules(*APPS).items()
        for expression in written(text)
    }


def test_every_act_has_a_label_and_no_label_is_left_over() -> None:
    named = found()
    assert [where for where, one in named.items() if one is None] == []
    used = {name for one in named.values() for name in one or ()}
    assert used - acts.acts.keys() == set()
    assert acts.acts.keys() - used == set()


def test_every_area_has_acts() -> None:
    assert [area for area in acts.areas if not acts.names_of(area)] == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("audit.record('planted.act', actor=by)", [["planted.act"]]),
        ("audit.record('a.b' if x else 'c.d')", [["a.b", "c.d"]]),
        ("audit.record(f'planted.{verb}')", [None]),
        ("audit.record(name)", [None]),
        ("name = 'planted.act'; audit.record(name)", [["planted.act"]]),
    ],
)
def test_an_act_without_a_label_is_caught(text: str, named: list[list[str] | None]) -> None:
    assert [names(one, text) for one in written(text)] == named
    assert not {name for one in named for name in one or ()} & acts.acts.keys()

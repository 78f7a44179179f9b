"""No float near money: neither a literal, nor a call, nor a field, nor a true division in billing."""

import ast

from tests.contracts.source import modules


def violations(path: str, text: str) -> list[str]:
    """Every way a float could enter."""
    found = []
    for node in ast.walk(ast.parse(text)):
        said = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            said = f"literal {node.value}"
        elif isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node).split(".")[-1] in {"float", "FloatField"}:
            said = ast.unparse(node)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            said = "true division"
        if said:
            found.append(f"{path} {said}")
    return found


def test_no_float_near_money() -> None:
    assert [one for path, text in modules("billing").items() for one in violations(path, text)] == []


def test_floats_are_caught() -> None:
    for planted in ["price = 9.99", "x = float(y)", "x: float = 1", "x = models.FloatField()", "x = total / 3"]:
        assert violations("billing/planted.py", planted), planted
    assert violations("billing/planted.py", "x = -(-total // 3)") == []

"""What a call says: form fields as the SDK encodes them (`items[0][id]=…`), checked against the SDK's own types.

The official library declares every parameter of every call. A name that it does not know is refused as Stripe
refuses it (`parameter_unknown`), what it requires must be there, numbers and booleans come out as such.
"""

import types
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from stripe import RequestOptions
from typing_extensions import is_typeddict

from tests.fakes.stripe.errors import invalid

Params = dict[str, Any]


def decoded(text: str) -> Params:
    """The fields of a body or of a query as nested dicts and lists; all values are still text."""
    root: Params = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *outer, last = name.replace("]", "").split("[")
        here = root
        for part in outer:
            here = here.setdefault(part, {})
            if not isinstance(here, dict):
                raise invalid(f"Invalid parameter: {name}", name)
        here[last or str(len(here))] = value
    return {name: _lists(value) for name, value in root.items()}


def checked(values: Params, declared: str) -> Params:
    """The values in the types that the SDK declares for `stripe.params.<declared>`.

    Raises Refused (400) for what is unknown, missing or no such value.
    """
    return _record(values, _declaration(declared), "") if declared else values


def _lists(value: Any) -> Any:
    """Dicts whose keys count 0, 1, 2… are lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


@cache
def _declaration(declared: str) -> Any:
    path, _, name = f"stripe.params.{declared}".rpartition(".")
    return getattr(import_module(path), name)


@cache
def _hints(record: Any) -> dict[str, Any]:
    # Lists declare the SDK's own options beside the parameters; those never go over the wire.
    hints = get_type_hints(record, localns={"StripeContext": object, "Mapping": Mapping})
    return {name: hint for name, hint in hints.items() if name not in RequestOptions.__annotations__}


def _record(values: Params, record: Any, within: str) -> Params:
    hints = _hints(record)
    for name in values:
        if name not in hints:
            raise invalid(
                f"Received unknown parameter: {_path(within, name)}", _path(within, name), "parameter_unknown"
            )
    for name in record.__required_keys__ - values.keys():
        if "NotRequired" not in str(record.__annotations__.get(name)):
            raise invalid(f"Missing required param: {_path(within, name)}.", _path(within, name), "parameter_missing")
    return {name: _value(value, hints[name], _path(within, name)) for name, value in values.items()}


def _value(value: Any, hint: Any, path: str) -> Any:
    kinds = list(_alternatives(hint))
    if isinstance(value, dict):
        record = next((kind for kind in kinds if is_typeddict(kind) and value.keys() <= _hints(kind).keys()), None)
        record = record or next((kind for kind in kinds if is_typeddict(kind)), None)
        return _record(value, record, path) if record else value
    if isinstance(value, list):
        inner = next((get_args(kind)[0] for kind in kinds if get_origin(kind) is list), Any)
        return [_value(one, inner, f"{path}[{position}]") for position, one in enumerate(value)]
    return _plain(str(value), kinds, path)


def _plain(text: str, kinds: list[Any], path: str) -> Any:
    words = {word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)}
    if text in words:
        return text
    if bool in kinds:
        if text in {"true", "false"}:
            return text == "true"
        raise invalid(f"Invalid boolean: {text}", path, "parameter_invalid_boolean")
    if int in kinds and (text.lstrip("-").isdigit() or str not in kinds):
        if not text.lstrip("-").isdigit():
            raise invalid(f"Invalid integer: {text}", path, "parameter_invalid_integer")
        return int(text)
    if words and not {str, Decimal} & set(kinds):
        raise invalid(f"Invalid {path}: must be one of {', '.join(sorted(map(str, words)))}", path)
    return text


def _alternatives(hint: Any) -> Iterable[Any]:
    if get_origin(hint) in {Union, types.UnionType}:
        for one in get_args(hint):
            yield from _alternatives(one)
    else:
        yield hint


def _path(within: str, name: str) -> str:
    return f"{within}[{name}]" if within else name

"""JSON schemas in the narrower dialects that providers can hold a model to."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_BOTH = frozenset({"$ref", "anyOf", "const", "description", "enum", "format", "title", "type"})
# What each provider's grammar enforces; everything else is told to the model in words.
OPENAI = _BOTH | {
    "exclusiveMaximum", "exclusiveMinimum", "maxItems", "maximum", "minItems", "minimum", "multipleOf", "pattern",
}  # fmt: skip
ANTHROPIC = _BOTH | {"allOf"}


def strict(schema: Schema, kept: frozenset[str]) -> dict[str, Any]:
    """The schema as a strict dialect wants it: closed objects, every property required, no keyword beyond `kept`.

    What is left out stands in the description. Nearly always the result is narrower than `schema`, where it is wider
    (a text without `maxLength`) the caller checks the answer anyway.
    """
    if "$ref" in schema:
        return {"$ref": schema["$ref"], **_definitions(schema, kept)}
    closed: dict[str, Any] = {**_definitions(schema, kept)}
    told: list[str] = []
    for name, value in schema.items():
        match name:
            case "$defs" | "additionalProperties" | "default" | "required":
                continue
            case "properties":
                closed[name] = {key: strict(one, kept) for key, one in value.items()}
            case "items":
                closed[name] = strict(value, kept)
            case "anyOf" | "oneOf" | "allOf":
                closed["allOf" if name == "allOf" and name in kept else "anyOf"] = [strict(one, kept) for one in value]
            case _ if name in kept:
                closed[name] = value
            case _:
                told.append(f"{name}: {value}")
    if closed.get("type") == "object":
        closed["properties"] = closed.get("properties", {})
        closed |= {"required": list(closed["properties"]), "additionalProperties": False}
    if told:
        closed["description"] = " ".join([*filter(None, [closed.get("description")]), f"({', '.join(told)})"])
    return closed


def _definitions(schema: Schema, kept: frozenset[str]) -> dict[str, Any]:
    found = schema.get("$defs")
    return {"$defs": {name: strict(one, kept) for name, one in found.items()}} if found else {}

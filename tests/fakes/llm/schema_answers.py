"""An instance of whatever JSON schema was sent, with texts that fit the names of its fields."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.fakes.llm import composing, reviewing
from tests.fakes.llm.composing import Subject

Schema = Mapping[str, Any]


class Instance:
    """Builds one instance; titles do not repeat, nor take up those the prompt lists already."""

    def __init__(self, schema: Schema, prompt: str) -> None:
        self._root, self._prompt = schema, prompt
        self._about: Subject = composing.subject(prompt)
        self._chance: random.Random = composing.rng("schema", prompt)
        self._taken = {item.strip().lower() for item in composing.ITEM.findall(prompt)}

    def build(self) -> object:
        """The instance, made of plain JSON types."""
        return self._value(self._root, "")

    def _value(self, schema: Schema, name: str) -> object:
        schema = self._resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._chance.choice(schema["enum"])
        kind = schema.get("type")
        kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
        makers: Mapping[str | None, Callable[[Schema, str], object]] = {
            "array": self._array,
            "integer": self._number,
            "number": self._number,
            "boolean": lambda _schema, _name: True,
            "null": lambda _schema, _name: None,
            "string": self._text,
        }
        return makers.get(kind, self._object)(schema, name)

    def _object(self, schema: Schema, _name: str) -> dict[str, object]:
        return {key: self._value(one, key) for key, one in schema.get("properties", {}).items()}

    def _number(self, schema: Schema, _name: str) -> int:
        low = int(schema.get("minimum", 1))
        return self._chance.randint(low, int(schema.get("maximum", low + 9)))

    def _resolved(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            found: Any = self._root
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            return self._resolved(found)
        choices: Sequence[Schema] = schema.get("anyOf") or schema.get("oneOf") or ()
        if not choices:
            return schema
        return self._resolved(next(one for one in choices if one.get("type") != "null"))

    def _array(self, schema: Schema, name: str) -> list[object]:
        if name == "suggestions":
            return list(reviewing.suggestions(self._chance, self._prompt, schema))
        least = schema.get("minItems", 1)
        most = schema.get("maxItems", least + 2)
        # Chapters exactly as many as must be; points and the like as many as may be, up to three.
        count = least if isinstance(self._resolved(schema["items"]).get("properties"), Mapping) else min(3, most)
        return [self._value(schema["items"], name) for _index in range(max(least, count))]

    def _text(self, schema: Schema, name: str) -> str:
        if "title" in name or name == "name":
            text = composing.title(self._chance, self._about, self._taken)
        elif "point" in name or "idea" in name or "keyword" in name:
            text = composing.line(self._chance, self._about, "point")
        elif "summary" in name or "description" in name:
            text = composing.line(self._chance, self._about, "summary")
        else:
            text = composing.sentence(self._chance, self._about)
        text = text.ljust(schema.get("minLength", 0), ".")
        most = schema.get("maxLength", len(text))
        return text if len(text) <= most else text[:most].rsplit(" ", 1)[0]

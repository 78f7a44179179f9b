"""What must never stand in a log line or an error report, and how it is taken out of any text.

Patterns catch what has a shape (an address, a signed link, `password=…`); the values of our own secrets are caught
whatever shape they have. It is the net beneath the rule that nobody logs such things on purpose. Every pattern is
bounded: a line of garbage costs no more than a line of text.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

REMOVED = "[removed]"
LONGEST = 20_000  # characters of one text; what comes after says nothing that the beginning did not
SHORTEST_SECRET = 8  # a shorter value would hit common words

_NAMES = (
    r"(?:password\d?|passwd|pwd|secret|token|key|authorization|cookie|sessionid|session|csrf|credentials?|signature)"
)
# Names whose value goes whole wherever they are keys: of an event, a header, a form, an environment.
SECRET_NAME = re.compile(rf"{_NAMES}$|^(?:code|dsn|sentry_dsn|e-?mail|recipients?)$|_e-?mail$", re.IGNORECASE)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # user:password@host of any address
    (re.compile(r"(?<=://)[^/\s@\"']{1,300}@"), f"{REMOVED}@"),
    # the query string of an address or a path, signed or not: nothing in it is needed to find a fault
    (re.compile(r"(?<=[\w/\-\]=.])\?[^\s\"'<>)]+"), f"?{REMOVED}"),
    # a Cookie header is several pairs
    (re.compile(r"(?i)(\bcookie[\"']?\s{0,4}[:=]\s{0,4})[^\n]+"), rf"\1{REMOVED}"),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,4}[\w.~+/=:-]{6,}"), rf"\1 {REMOVED}"),
    # name=value, name: value, "name": "value"
    (
        re.compile(
            rf"""(?i)(?<![\w-])([\w-]{{0,40}}{_NAMES}["']?\s{{0,4}}[=:]\s{{0,4}})"""
            rf"""("[^"\n]*"|'[^'\n]*'|[^\s"',;&)}}\]]+)"""
        ),
        rf"\1{REMOVED}",
    ),
    # a link with a token (rulings 12) keeps its place and loses its token
    (
        re.compile(
            r"(/(?:files|beta|key|confirm-email|invitations?|unsubscribe|share|activate|s|join|data|data-confirm|reopen|reopen-as)"
            r"/)[^/\s\"']+"
        ),
        rf"\1{REMOVED}",
    ),
    (re.compile(r"(?<=/)(?:[0-9a-f]{32,}|(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{20,})"), REMOVED),
    # keys by their makers' marks, JSON web tokens, what django.core.signing has signed
    (re.compile(r"\b(?:sk|rk|pk|whsec|gh[pousr]|xox[abprs])[-_][\w-]{8,}"), REMOVED),
    (re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}"), REMOVED),
    (re.compile(r"(?<![\w-])[\w.-]{4,2000}:[\w-]{5,8}:[\w-]{27,}"), REMOVED),
    (re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), REMOVED),
    # PostgreSQL quotes the row that it refused
    (re.compile(r"(?m)^(DETAIL|CONTEXT):.*$"), rf"\1: {REMOVED}"),
)  # fmt: skip


def _given_secrets() -> Iterator[str]:
    """Secrets among the settings and all that was given: by their names, as passwords of addresses, within JSON."""
    yield settings.SECRET_KEY
    yield from settings.FIELD_KEYS
    given = {**os.environ, **settings.GIVEN}
    yield from (one for name, value in given.items() if SECRET_NAME.search(name) for one in (value, *value.split(",")))
    for value in [settings.DATABASE_URL, settings.DATABASE_OWNER_URL, settings.REDIS_URL, *given.values()]:
        if "://" in value and "@" in value:
            yield _password(value)
        elif value.startswith(("{", "[")):
            yield from _within(value)


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:  # a sentence with an address in it
        return ""


def _within(text: str) -> Iterator[str]:
    """Values under a telling name anywhere in JSON: routes of models carry their keys."""
    try:
        waiting = [json.loads(text)]
    except ValueError:
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield from (value for name, value in one.items() if isinstance(value, str) and SECRET_NAME.search(name))
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


@cache
def own_secrets() -> tuple[str, ...]:
    """Values of this process's secrets, as given and as decoded, longest first."""
    forms = {form for value in _given_secrets() for form in (value, unquote(value)) if len(form) >= SHORTEST_SECRET}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def clean(text: str) -> str:
    """The text without e-mail addresses, secrets, tokens and query strings, cut after LONGEST characters."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}…"
    for secret in own_secrets():
        text = text.replace(secret, REMOVED)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def cleaned(value: Any) -> Any:
    """The same for anything JSON can hold: values under a telling name go whole, texts are cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {
            clean(str(name)): REMOVED if SECRET_NAME.search(str(name)) else cleaned(one) for name, one in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [cleaned(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float) else clean(str(value))

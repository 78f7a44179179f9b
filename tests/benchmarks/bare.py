"""Bare pages: the site's middleware and a page's reads, and one line of HTML.

One makes the reads as the page does, by its own view, and shows nothing of them; one repeats their SQL as it stands.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template
from django.urls import URLPattern, URLResolver, path

from config import urls

LINE = "<!doctype html><title>Bare</title>"
queries: list[str] = []
_shows_nothing: ContextVar[bool] = ContextVar("shows_nothing", default=False)


def repeat(statements: Sequence[str]) -> None:
    """Have `/bare/` make these queries from now on."""
    queries[:] = statements


def bare(_request: HttpRequest) -> HttpResponse:
    """Make the queries, read their rows, show nothing of them."""
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()
    return HttpResponse(LINE)


urlpatterns: list[URLPattern | URLResolver] = [path("bare/", bare), *urls.urlpatterns]


@contextmanager
def nothing_shown() -> Iterator[None]:
    """Inside the block every page is one line: its view and its context processors run as ever."""
    token = _shows_nothing.set(True)
    try:
        yield
    finally:
        _shows_nothing.reset(token)


class OneLine(DjangoTemplates):
    """Asked before the site's templates: inside `nothing_shown` it has them all, otherwise none."""

    def get_template(self, template_name: str) -> Template:
        """The one line, with the site's context processors."""
        if not _shows_nothing.get():
            raise TemplateDoesNotExist(template_name, backend=self)
        return self.from_string(LINE)


def templates() -> list[dict[str, object]]:
    """The setting TEMPLATES with the one line before the site's own."""
    [own] = settings.TEMPLATES
    one_line = {**own, "NAME": "one-line", "BACKEND": f"{__name__}.{OneLine.__name__}", "DIRS": [], "APP_DIRS": False}
    return [one_line, {**own, "NAME": "site"}]

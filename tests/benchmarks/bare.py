"""A bare page: the site's middleware, the queries it is told to make, and one line of HTML."""

from collections.abc import Sequence

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from config import urls

queries: list[str] = []


def repeat(statements: Sequence[str]) -> None:
    """Have the bare page make these queries from now on."""
    queries[:] = statements


def bare(_request: HttpRequest) -> HttpResponse:
    """Make the queries, read their rows, show nothing of them."""
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            cursor.fetchall()
    return HttpResponse("<!doctype html><title>Bare</title>")


urlpatterns: list[URLPattern | URLResolver] = [path("bare/", bare), *urls.urlpatterns]

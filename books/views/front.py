"""The public pages: what Scriptorium is, how it works; and what robots may read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from billing import queries as prices
from core.views import public_page

# Pages of members need no line here: who is not signed in is led away from them.
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /events/
Disallow: /files/
"""
EXAMPLE = {"chapter_count": 6, "words_per_chapter": 1500}


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Scriptorium is, for everybody, with the price of an example from the table in force."""
    tariff = prices.book_tariff()
    words = EXAMPLE["chapter_count"] * EXAMPLE["words_per_chapter"]
    example = {**EXAMPLE, "words": words, "credits": tariff.quote(words)}
    example["chapters"] = example["credits"] - tariff.outline
    return public_page(request, "books/front.html", tariff=tariff, example=example)


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How it works, step by step, with the keyboard's list."""
    return public_page(request, "books/help.html")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The public pages alone are for search engines."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")

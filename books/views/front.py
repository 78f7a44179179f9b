"""The public pages: what Scriptorium is, what it costs, how it works; and what robots may read."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing import queries as prices
from books.forms import PriceForm

# Pages of members need no line here: who is not signed in is led away from them.
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /accounts/
Disallow: /events/
Disallow: /files/
"""
EXAMPLE = {"chapter_count": 6, "words_per_chapter": 1500}


def public(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page for everybody, under the one address by which others may name it."""
    context |= {"site": settings.SITE_URL, "canonical": settings.SITE_URL + request.path}
    return render(request, template, context)


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Scriptorium is, for everybody, with the price of an example from the table in force."""
    tariff = prices.book_tariff()
    words = EXAMPLE["chapter_count"] * EXAMPLE["words_per_chapter"]
    example = {**EXAMPLE, "words": words, "credits": tariff.quote(words)}
    example["chapters"] = example["credits"] - tariff.outline
    return public(request, "books/front.html", tariff=tariff, example=example)


@login_not_required
@require_safe
def pricing(request: HttpRequest) -> HttpResponse:
    """The price table in credits, and a calculator: `?chapter_count=6&words_per_chapter=1500`."""
    form = PriceForm(request.GET or EXAMPLE)
    tariff = prices.book_tariff()
    words = form.words if form.is_valid() else 0
    return public(
        request,
        "books/pricing.html",
        form=form,
        tariff=tariff,
        prices=prices.price_list(),
        words=words,
        credits=tariff.quote(words) if words else 0,
    )


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """How it works, step by step, with the keyboard's list."""
    return public(request, "books/help.html")


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The public pages alone are for search engines."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")

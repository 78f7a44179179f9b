"""What everything costs, for everybody: plans, credits, work by people."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from accounts.models import User
from billing.forms.pricing import BookLengthForm, OfferForm, PagesForm
from billing.models import Currency
from billing.queries import book_tariff, price_list
from billing.queries.corrections import page_quote, services
from billing.queries.offers import guess, offers
from core.views import public_page

BOOK = {"chapter_count": 6, "words_per_chapter": 1500}
PAGES = {"pages": 250}


@login_not_required
@require_safe
def pricing(request: HttpRequest) -> HttpResponse:
    """Every price, with three questions in one address: which currency, how long a book, how many pages."""
    currency, interval = OfferForm(request.GET).asked(guessed_currency(request))
    sold = offers(currency, interval)
    context = {
        "offers": sold,
        "currencies": Currency,
        "prices": price_list(),
        "here": request.session.get("organization", ""),
        **asked_book(request),
        **asked_pages(request),
    }
    template = "billing/pricing.html"
    return public_page(request, f"{template}#offers" if request.headers.get("HX-Request") else template, **context)


def asked_book(request: HttpRequest) -> dict[str, Any]:
    """The calculator of a book: `?chapter_count=6&words_per_chapter=1500`."""
    form = BookLengthForm(request.GET if request.GET.keys() & BOOK.keys() else BOOK)
    tariff = book_tariff()
    words = form.words if form.is_valid() else 0
    return {"form": form, "tariff": tariff, "words": words, "credits": tariff.quote(words) if words else 0}


def asked_pages(request: HttpRequest) -> dict[str, Any]:
    """The calculator of a correction: `?pages=250&rush=on`."""
    found = services()
    by_page = next((one for one in found if one.is_by_page), None)
    if by_page is None:
        return {"services": found}
    form = PagesForm(request.GET if "pages" in request.GET else PAGES, most=by_page.most_pages)
    quote = page_quote(by_page, **form.cleaned_data) if form.is_valid() else None
    return {"services": found, "by_page": by_page, "pages_form": form, "quote": quote}


def guessed_currency(request: HttpRequest) -> Currency:
    """By the country a person gave, else by the first language of the browser."""
    person = request.user
    country = person.postal_address.get("country", "") if isinstance(person, User) else ""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return guess((language for language, _weight in accepted), country)

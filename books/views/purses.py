"""What a page answers when there are too few credits for what was asked."""

from django.http import HttpResponse
from django.shortcuts import render

from billing.errors import InDebt, TooFewCredits
from books.queries.purses import purse
from organizations.access import TenantRequest

UNPAID = (TooFewCredits, InDebt)


def unpaid(request: TenantRequest, refusal: TooFewCredits | InDebt, *, price: int, back: str) -> HttpResponse:
    """The reason and the way on; `back` is the address of the page it was asked on."""
    context = {"refusal": refusal.message, "purse": purse(request.member, price), "back": back}
    return render(request, "books/too_few_credits.html", context, status=refusal.status)

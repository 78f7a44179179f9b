"""The site with one tenant page that forgot its gate, and one address nobody wrote a case for."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as real


def ungated(request: HttpRequest, slug: str) -> HttpResponse:
    """Shows itself to everybody who is signed in."""
    return HttpResponse(slug)


urlpatterns = [path("o/<slug:slug>/planted/", ungated, name="planted"), *real]

"""The way back from Google."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from requests import RequestException


@login_not_required
def google_callback(request: HttpRequest) -> HttpResponse:
    """allauth's own view; where Google's configuration cannot be read it would break, here a page says so."""
    try:
        answer: HttpResponse = views.callback(request, "google")
    except RequestException as error:
        answer = render_authentication_error(request, get_adapter().get_provider(request, "google"), exception=error)
    return answer

"""The link in a mail's foot that ends mails of its kind."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.models import User
from accounts.queries import unsubscribing


@csrf_exempt  # mail programs post by themselves (RFC 8058): the signed link is the right, for this one thing
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask; or do it, for a person who pressed the button and for a mail program alike. 404 for a broken link."""
    try:
        person, choice = unsubscribing.read(token)
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise Http404 from error
    done = request.method == "POST"
    if done:
        actions.unsubscribe(person=person, choice=choice)
    return render(request, "accounts/unsubscribe.html", {"label": unsubscribing.label(choice), "done": done})

"""Where providers deliver their events: nobody is signed in, the signature over the raw bytes is the right."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.providers import registry
from billing.providers.base import BadSignature
from billing.transitions import receiving

LARGEST = 256 * 1024  # bytes; Stripe's events are a few kB
# What of the headers helps to find a fault later; the signature is none of it.
KEPT = ("User-Agent", "Content-Type")


@csrf_exempt
@login_not_required
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """200 once it is stored, however often it comes; 400 for what Stripe did not sign, or signed too long ago."""
    provider = registry.providers().get("stripe")
    if provider is None:
        raise Http404
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        receiving.refuse("stripe", "too_large")
        return HttpResponse(status=413)
    try:
        seen = provider.read_event(body, request.headers)
    except (BadSignature, ValueError) as fault:
        receiving.refuse("stripe", "bad_signature" if isinstance(fault, BadSignature) else "garbage")
        return HttpResponse(status=400)
    kept = {name: request.headers.get(name, "") for name in KEPT}
    receiving.receive(provider, seen, body=body, headers=kept)
    return HttpResponse()

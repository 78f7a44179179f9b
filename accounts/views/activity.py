"""A person's own part of the trail."""

from django.forms import UUIDField, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import me
from accounts.queries.activity import activity_of


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What they did and what was done to them, newest first; a cursor that makes no sense is the beginning."""
    try:
        before = UUIDField(required=False).clean(request.GET.get("before"))
    except ValidationError:
        before = None
    return render(request, "accounts/activity.html", {"page": activity_of(me(request), before=before)})

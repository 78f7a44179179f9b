"""Where a person is signed in, and ending it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import me
from accounts.actions import sessions as actions
from accounts.queries import sessions as queries


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every browser the person is signed in with; this one first."""
    return render(request, "accounts/sessions.html", {"sessions": queries.of(me(request), request.session.session_key)})


@require_POST
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out there."""
    actions.end_session(person=me(request), session_id=session_id)
    messages.success(request, _("You are signed out there."))
    return redirect("accounts:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Ask, then sign out everywhere else."""
    if request.method != "POST":
        return render(request, "accounts/sessions_end.html")
    ended = actions.end_other_sessions(person=me(request), session_key=request.session.session_key, why="asked")
    said = ngettext(
        "You are signed out in %(count)s other place.", "You are signed out in %(count)s other places.", ended
    )
    messages.success(request, said % {"count": ended} if ended else _("You were signed in nowhere else."))
    return redirect("accounts:sessions")

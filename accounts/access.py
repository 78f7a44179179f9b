"""Who asks."""

from django.http import HttpRequest

from accounts.models import User


def me(request: HttpRequest) -> User:
    """The signed-in person, typed; for views that only somebody signed in can reach."""
    assert isinstance(request.user, User)  # noqa: S101  # accounts.middleware.SignInRequired saw to it
    return request.user

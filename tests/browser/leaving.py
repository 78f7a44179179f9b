"""What a person is mailed about their data and about leaving, as rows: for tests.browser.population."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit


def asked_about(person: Any) -> dict[str, str]:
    """Links to end mails, to a copy, to confirm, to come back; keys name their addresses."""
    from django.urls import reverse
    from django.utils import timezone

    from accounts.models import Closing, DataRequest
    from accounts.queries import closing as closings
    from accounts.queries import unsubscribing
    from core import digests
    from tests import builders

    soon, paths = timezone.now() + timedelta(days=2), {}
    mine = {"kind": "export", "person": person, "finished_at": timezone.now()}
    DataRequest.objects.create(**mine, state="ready", file="data/x.zip", file_size=70_000, expires_at=soon)
    DataRequest.objects.create(**mine, state="failed", error="The copy could not be made.")
    for key, page, kind, state in [
        ("data link", "data", "export", "ready"),
        ("data confirm", "data_confirm", "erase", "unconfirmed"),
    ]:
        token = digests.new_token()
        guest = {"email": "guest@example.org", "token_digest": digests.of_token(token), "expires_at": soon}
        DataRequest.objects.create(kind=kind, state=state, file_size=9_000, **guest)
        paths[key] = reverse(page, args=[token])
    for key, email in [("reopen", "gone@example.net"), ("reopen taken", person.email)]:
        token, gone = digests.new_token(), builders.make_person(closed_at=timezone.now(), is_active=False)
        digest = digests.of_token(token)
        closing = Closing.objects.create(person=gone, email=email, token_digest=digest, erase_at=soon)
        paths[key] = reverse("reopen", args=[token])
    return paths | {
        "reopen as": reverse("reopen_as", args=[closings.new_address_token(closing, "gone@example.net")]),
        "unsubscribe": urlsplit(unsubscribing.link(person, "mails_about_runs")).path,
        "data over": reverse("data_confirm", args=["over"]),
    }

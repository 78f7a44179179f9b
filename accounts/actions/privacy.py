"""What somebody asks about their data: a copy, or erasure; with an account or by an e-mail address alone."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import DataRequest, DataRequestKind, DataRequestState, User
from accounts.transitions import requests
from audit import actions as audit
from audit.models import Severity
from core import digests

# The same wish of the same address within that time is one wish: nobody's mailbox is filled.
AGAIN = timedelta(hours=1)


@transaction.atomic
def request_copy(*, person: User) -> DataRequest:
    """Ask for everything kept about the person; asked again while one is being made, it is that one."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    waiting = person.data_requests.filter(kind=DataRequestKind.EXPORT, state=DataRequestState.WAITING).first()
    if waiting is not None:
        return waiting
    request = DataRequest.objects.create(kind=DataRequestKind.EXPORT, person=person, language=person.language)
    audit.record("data_request.made", actor=person, target=request, severity=Severity.HIGH)
    requests.offer(request)
    return request


@transaction.atomic
def log_copy_fetched(*, request: DataRequest, by: User | None) -> None:
    """Write down that the file was fetched."""
    audit.record("data_request.fetched", actor=by, target=request, severity=Severity.HIGH)


@transaction.atomic
def ask_as_visitor(*, email: str, kind: str, language: str) -> None:
    """Note the wish of an address. Whether it has an account is looked up by the worker that writes to it, never here:
    the answer is the same, and takes as long."""
    digest = digests.of_email(email)
    recent = DataRequest.objects.filter(
        email_digest=digest, kind=kind, state=DataRequestState.UNCONFIRMED, created_at__gt=timezone.now() - AGAIN
    )
    if recent.exists():
        return
    request = DataRequest.objects.create(
        kind=kind,
        email=email.lower(),
        email_digest=digest,
        language=language,
        state=DataRequestState.UNCONFIRMED,
        expires_at=timezone.now() + requests.CONFIRMABLE,
    )
    audit.record("data_request.made", target=request, details={"kind": kind}, severity=Severity.HIGH)
    requests.offer(request)


@transaction.atomic
def confirm_request(*, request: DataRequest) -> None:
    """The address has confirmed its wish: it is carried out. A second click changes nothing."""
    request = DataRequest.objects.select_for_update().get(pk=request.pk)
    if request.state == DataRequestState.UNCONFIRMED and request.expires_at and request.expires_at > timezone.now():
        requests.move(request, DataRequestState.WAITING, token_digest="", expires_at=None)
        requests.offer(request)

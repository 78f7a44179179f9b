"""Answering what people ask about their data: the row's state says what is due, its lease when."""

import hashlib
import logging
import tempfile
from datetime import timedelta
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import signals
from accounts.jobs import own_data
from accounts.jobs.exporting import Export
from accounts.models import DataRequest, DataRequestKind, DataRequestState, User
from accounts.transitions import erasing, privacy_letters, requests
from core import digests, leases, mail

log = logging.getLogger(__name__)
S = DataRequestState
MAX_TRIES = 3


def answer(request_id: UUID) -> None:
    """Do what is due for one request, if nobody else does."""
    leases.carry_out(request_id, _answer)


def _answer(held: leases.Claim) -> None:
    with transaction.atomic():
        request = DataRequest.objects.select_related("person").get(pk=held.subject)
    late = request.expires_at is not None and request.expires_at <= timezone.now()
    if request.state == S.UNCONFIRMED and not late:
        _ask_to_confirm(request, held)
    elif request.state == S.WAITING and request.kind == DataRequestKind.EXPORT:
        _make_copy(request, held)
    elif request.state == S.WAITING:
        _erase_address(request, held)
    elif request.state == S.READY and request.expires_at and not late:
        leases.defer(held, request.expires_at - timezone.now())
    else:
        _forget(request, held)


@transaction.atomic
def _ask_to_confirm(request: DataRequest, held: leases.Claim) -> None:
    """Write to the address: whether it was they, or, if it has an account, that everything is done there."""
    request = _lock(request, held)
    if request.token_digest:  # it was written before; now only its time runs out
        leases.defer(held, requests.CONFIRMABLE)
        return
    leases.finish(held)
    if User.objects.filter(email=request.email).exists():
        privacy_letters.sign_in_instead(request)
        requests.move(request, S.EXPIRED)
        requests.offer(request, not_before=timezone.now() + requests.LOOK_AGAIN)
        return
    token = digests.new_token()
    request.token_digest = digests.of_token(token)
    request.save(update_fields=["token_digest", "updated_at"])
    privacy_letters.confirm_request(request, token=token)
    requests.offer(request, not_before=request.expires_at)


def _make_copy(request: DataRequest, held: leases.Claim) -> None:
    with tempfile.TemporaryFile(prefix="data-") as target, override(request.language):
        try:
            with Export(target, held, whose=_whose(request), language=request.language) as export:
                _write(request, export)
            target.seek(0)
            digest = hashlib.file_digest(target, "sha256").hexdigest()
            size = target.seek(0, 2)
            target.seek(0)
            name = f"data/{request.pk}.zip"
            default_storage.delete(name)
            stored = default_storage.save(name, File(target, name))
        except (leases.LeaseLost, OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("data request %s", request.pk)
            _again(request, held)
        else:
            _offer(request, held, stored, size, digest)


def _whose(request: DataRequest) -> str:
    return request.person.email if request.person else request.email


def _write(request: DataRequest, export: Export) -> None:
    """This room's part, then those of the rooms above, then the pages in front."""
    if request.person is not None:
        own_data.add_person(export, request.person)
        signals.person_exported.send(sender=User, person=request.person, export=export)
    else:
        own_data.add_address(export, request.email)
        signals.address_exported.send(sender=User, email=request.email, export=export)
    export.finish()


@transaction.atomic
def _offer(request: DataRequest, held: leases.Claim, stored: str, size: int, digest: str) -> None:
    """The copy is there for seven days; the link is mailed, and only its digest stays."""
    request = _lock(request, held)
    leases.finish(held)
    if request.state != S.WAITING:  # the account was erased meanwhile
        requests.offer(request)
        return
    token, now = digests.new_token(), timezone.now()
    requests.move(
        request, S.READY, file=stored, file_size=size, sha256=digest, token_digest=digests.of_token(token),
        finished_at=now, expires_at=now + requests.KEPT, error="",
    )  # fmt: skip
    privacy_letters.ready(request, _whose(request), token=token, until=now + requests.KEPT)
    requests.offer(request, not_before=now + requests.KEPT)


@transaction.atomic
def _again(request: DataRequest, held: leases.Claim) -> None:
    request = _lock(request, held)
    request.tries += 1
    request.save(update_fields=["tries", "updated_at"])
    if request.tries < MAX_TRIES:
        leases.defer(held, timedelta(seconds=10 * request.tries))
        return
    leases.finish(held)
    error = _("The copy could not be made. We have been told; ask again tomorrow.")
    requests.move(request, S.FAILED, error=error, finished_at=timezone.now())
    requests.offer(request, not_before=timezone.now() + requests.KEPT)


@transaction.atomic
def _erase_address(request: DataRequest, held: leases.Claim) -> None:
    """Everything kept of an address without an account, with a certificate mailed to it."""
    request = _lock(request, held)
    record = erasing.Record()
    signals.address_erased.send(sender=User, email=request.email, record=record)
    erasing.erase_address(request.email, record)
    certificate = record.issue(request.pk)
    privacy_letters.erased(
        request.email, language=request.language, certificate=certificate, subject_id=certificate.subject_id
    )
    leases.finish(held)
    requests.move(request, S.DONE, finished_at=timezone.now(), token_digest="")
    requests.offer(request, not_before=timezone.now() + requests.LOOK_AGAIN)


def _forget(request: DataRequest, held: leases.Claim) -> None:
    """It is over: its file goes, then its address, once no mail to it is on its way."""
    if request.email and mail.is_on_its_way_to(request.email):
        leases.defer(held, requests.LOOK_AGAIN)
        return
    if request.file:
        default_storage.delete(request.file)
    with transaction.atomic():
        request = _lock(request, held)
        leases.finish(held)
        if request.email:
            mail.forget(request.email, naming=[request.email])
        if request.state in {S.READY, S.UNCONFIRMED}:
            requests.move(request, S.EXPIRED)
        request.file, request.email, request.token_digest, request.expires_at = "", "", "", None
        request.save(update_fields=["file", "email", "token_digest", "expires_at", "updated_at"])


def _lock(request: DataRequest, held: leases.Claim) -> DataRequest:
    """The row and our lease, both locked; the row first, as every action takes them."""
    rows = DataRequest.objects.select_for_update(of=("self",)).select_related("person")
    locked = rows.get(pk=request.pk)
    leases.confirm(held)
    return locked

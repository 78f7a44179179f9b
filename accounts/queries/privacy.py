"""What the pages about a person's data show."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Consent, DataRequest, DataRequestKind, DataRequestState, LegalKind, User
from core import digests

SHOWN = 20


@dataclass(frozen=True)
class ConsentLine:
    """One agreement: to which text and version, when, and until when if it was taken back."""

    kind: str
    label: str
    version: int
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class RequestLine:
    """One wish and how far it is."""

    id: UUID
    label: str
    state: str
    state_label: str
    at: datetime
    expires_at: datetime | None
    size: int
    error: str

    @property
    def is_ready(self) -> bool:
        """Whether its file can be fetched."""
        return self.state == DataRequestState.READY

    @property
    def is_waiting(self) -> bool:
        """Whether it is being made."""
        return self.state == DataRequestState.WAITING


@dataclass(frozen=True)
class PrivacyPage:
    """Consents, newest first; wishes, newest first."""

    consents: tuple[ConsentLine, ...]
    requests: tuple[RequestLine, ...]

    @property
    def waiting(self) -> RequestLine | None:
        """The copy that is being made now."""
        return next((one for one in self.requests if one.is_waiting), None)

    @property
    def ready(self) -> RequestLine | None:
        """The newest copy that can be fetched."""
        return next((one for one in self.requests if one.is_ready), None)


def privacy_page(person: User) -> PrivacyPage:
    """Two queries, whatever there is."""
    consents = Consent.objects.filter(person=person).order_by("-pk")[:SHOWN]
    requests = DataRequest.objects.filter(person=person).order_by("-pk")[:SHOWN]
    return PrivacyPage(tuple(_consent(one) for one in consents), tuple(_request(one) for one in requests))


def _consent(one: Consent) -> ConsentLine:
    return ConsentLine(one.kind, str(LegalKind(one.kind).label), one.version, one.created_at, one.withdrawn_at)


def _request(one: DataRequest) -> RequestLine:
    return RequestLine(
        id=one.pk,
        label=str(DataRequestKind(one.kind).label),
        state=one.state,
        state_label=str(DataRequestState(one.state).label),
        at=one.created_at,
        expires_at=one.expires_at,
        size=one.file_size,
        error=one.error,
    )


def own_copy(person: User, request_id: UUID) -> DataRequest | None:
    """A copy of the person's own data that can be fetched now."""
    return _ready().filter(person=person, pk=request_id).first()


def linked_copy(token: str) -> DataRequest | None:
    """The copy that can be fetched now by the link with this token."""
    return _ready().filter(token_digest=digests.of_token(token)).first()


def _ready() -> "QuerySet[DataRequest]":
    return DataRequest.objects.filter(state=DataRequestState.READY, expires_at__gt=timezone.now())


def unconfirmed(token: str) -> DataRequest | None:
    """The wish of an address that its link can confirm."""
    rows = DataRequest.objects.filter(state=DataRequestState.UNCONFIRMED, expires_at__gt=timezone.now())
    return rows.filter(token_digest=digests.of_token(token)).first()

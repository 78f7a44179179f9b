"""Mail: stored with what caused it, sent by a worker, tried again, erased once it left."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction

from config.embedded import Stack
from core import mail_folder
from core.models import Lease, Mail, MailState

pytestmark = pytest.mark.django_db
Queue = Callable[[], int]


def test_a_mail_is_sent_by_the_queue_and_erased(run_queue: Queue) -> None:
    message = EmailMultiAlternatives("Ruches ✓", "plain", "a@example.org", ["b@example.org"], bcc=["c@example.org"])
    message.attach_alternative("<p>rich</p>", "text/html")
    message.send()
    assert mail.outbox == []
    assert run_queue() == 1
    sent = mail.outbox[0]
    assert (sent.subject, sent.recipients()) == ("Ruches ✓", ["b@example.org", "c@example.org"])
    assert "c@example.org" not in sent.message().as_string()
    row = Mail.objects.get()
    assert (row.state, bytes(row.content), Lease.objects.count()) == (MailState.SENT, b"", 0)


def test_no_mail_tells_of_what_was_rolled_back() -> None:
    with transaction.atomic():
        send_mail("x", "x", None, ["a@example.org"])
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert not Lease.objects.exists()


def test_a_transport_that_is_down_is_tried_again(settings: Any, run_queue: Queue) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9  # nobody listens
    send_mail("x", "x", None, ["a@example.org"])
    assert run_queue() == 1
    row = Mail.objects.get()
    assert (row.state, row.tries, row.error) == (MailState.WAITING, 1, "ConnectionRefusedError")
    assert Lease.objects.get().holder is None


def test_a_transport_that_stays_down_is_given_up(settings: Any, run_queue: Queue) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    send_mail("x", "x", None, ["a@example.org"])
    while Lease.objects.exists():
        Lease.objects.update(available_at="2026-01-01T00:00Z")
        run_queue()
    row = Mail.objects.get()
    assert (row.state, row.tries) == (MailState.FAILED, 8)


def test_a_mail_arrives_over_smtp_as_it_was_written(settings: Any, run_queue: Queue, tmp_path: Path) -> None:
    with Stack(tmp_path, ["mail"]) as stack:
        address = urlsplit(stack.environment()["EMAIL_URL"])
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = address.hostname, address.port
        message = EmailMultiAlternatives("Votre clé : 7", "Bonjour Zoé,\nvoici l’élan.", to=["zoe@example.org"])
        message.attach_alternative("<p>Bonjour Zoé</p>", "text/html")
        message.send()
        assert run_queue() == 1
        assert Mail.objects.get().state == MailState.SENT, Mail.objects.get().error
        (caught,) = mail_folder.read(Path(stack.environment()["MAIL_SINK_DIR"]))
    assert (caught.subject, caught.recipient) == ("Votre clé : 7", "zoe@example.org")
    assert caught.text == "Bonjour Zoé,\nvoici l’élan."

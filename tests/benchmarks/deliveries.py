"""What payment providers send: how fast a delivery is taken in, and ten thousand events applied side by side."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count, cycle, islice
from statistics import mean, quantiles
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from core.ids import new_id
from tests.benchmarks.clock import in_turns
from tests.benchmarks.rows import Row
from tests.benchmarks.site import Site

if TYPE_CHECKING:  # models can be imported once the site's settings are loaded
    from tests.billing.counter import Counter
    from tests.fakes.stripe import Sandbox

ROUNDS = 1500
EVENTS = int(os.environ.get("BENCH_EVENTS", "10000"))
ORGANIZATIONS, WORKERS = 20, 6
PATIENCE = "SET lock_timeout = '5s'"
ADDRESS = "/webhooks/stripe/"


@csrf_exempt
@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """The site's middleware and one row."""
    from billing.models import ProviderEvent

    ProviderEvent.objects.create(
        id=new_id(), provider="bare", livemode=False, event_id=str(new_id()), type="bare", happened_at=timezone.now()
    )
    return HttpResponse(status=200 if request.body else 400)


def urls() -> Any:
    """The site's addresses with the bare one before them."""
    from config import urls as own

    return [path("bare/", bare), *own.urlpatterns]


def benchmark(site: Site) -> Iterator[Row]:
    """Rates and slowest hundredths of receipt beside a bare view that writes a row; then the ten thousand."""
    from tests.fakes.stripe import sandbox

    with sandbox() as stripe:
        connected = {
            "STRIPE_SECRET_KEY": stripe.secret_key,
            "STRIPE_WEBHOOK_SECRETS": [stripe.endpoint_secret],
            "STRIPE_URL": stripe.url,
            "MAIL_TRANSPORT": "django.core.mail.backends.dummy.EmailBackend",
        }
        with override_settings(**connected):
            yield from received(stripe)
            yield from applied(site, stripe)


def received(stripe: "Sandbox") -> Iterator[Row]:
    """Deliveries of an event of a usual size, each another, by one client."""
    from stripe import WebhookSignature

    event = stripe.emit("customer.updated", value=usual())
    body = stripe.signed(event["id"])[0].decode()
    browser, numbers = Client(), count()

    def deliver() -> None:
        sent = body.replace(event["id"], f"{event['id']}_{next(numbers)}")
        header = WebhookSignature.generate_signature_header(sent, stripe.endpoint_secret)
        post(browser, ADDRESS, sent, {"Stripe-Signature": header})

    def write() -> None:
        WebhookSignature.generate_signature_header(body, stripe.endpoint_secret)
        post(browser, "/bare/", body, {})

    with override_settings(ROOT_URLCONF=type("Urls", (), {"urlpatterns": urls()})):
        plain, whole = in_turns(write, deliver, rounds=ROUNDS)
    sides = f"{mean(whole):.2f} ms, bare {mean(plain):.2f} ms; {1000 / mean(whole):.0f} a second"
    yield Row("receipt ÷ bare view, rate", f"{mean(plain) / mean(whole):.2f}", "≥ 0.60", sides)
    slow, slow_bare = quantiles(whole, n=100)[98], quantiles(plain, n=100)[98]
    yield Row("receipt ÷ bare view, p99", f"{slow / slow_bare:.2f}", "≤ 3.00", f"{slow:.2f} and {slow_bare:.2f} ms")


def usual() -> dict[str, Any]:
    """An object as large as an invoice: three kilobytes."""
    lines = {f"line_{number}": {"description": "One month of a plan", "amount": number} for number in range(50)}
    return {"id": "cus_nobody", "object": "customer", "lines": lines}


def post(browser: Client, address: str, body: str, headers: dict[str, str]) -> None:
    """One delivery, or an error."""
    answer = browser.post(address, body, content_type="application/json", headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")


def applied(site: Site, stripe: "Sandbox") -> Iterator[Row]:
    """Events of a few organizations, their own life repeated under new ids, applied by threads as workers do."""
    from billing.models import EventState, ProviderEvent

    shops = [shop(stripe) for _number in range(ORGANIZATIONS)]
    planted = list(islice(stored(stripe), EVENTS))
    site.analyze()
    began = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(work, planted))
    took = time.perf_counter() - began
    rows = ProviderEvent.objects.filter(pk__in=planted)
    late = rows.exclude(state__in=[EventState.APPLIED, EventState.IGNORED]).count()
    again = rows.filter(attempts__gt=1).count()
    wrong = sum(one.cash() != {"EUR": 4900 + 900} for one in shops)
    sides = (
        f"{len(planted)} events of {ORGANIZATIONS} organizations, {WORKERS} threads, {len(planted) / took:.0f} a second"
    )
    yield Row("events not applied at once", f"{late + again}", "0", sides)
    yield Row("organizations with wrong books", f"{wrong}", "0", f"{ORGANIZATIONS} of them")


def shop(stripe: "Sandbox") -> "Counter":
    """An organization that has bought a plan and a pack, and heard nothing of it yet."""
    from billing.models import Price
    from tests import builders
    from tests.billing.conftest import mirror
    from tests.billing.counter import Counter

    def sold(code: str, interval: str) -> "Price":
        prices = Price.objects.current().filter(currency="EUR", interval=interval)
        found = next(one for one in prices if one.item.code == code)
        mirror(found)
        return found

    organization = builders.make_organization()
    found = Counter(organization, builders.make_member(organization, "owner"), stripe, sold, perform)
    found.buy("PRO", "month")
    found.buy()
    return found


def perform() -> int:
    """Do the errands on offer, in this process, until none is due; how many."""
    from billing.jobs import errands
    from billing.transitions.errands import TASK
    from core import tenancy
    from core.models import Lease

    done = 0
    while lease := Lease.objects.filter(task=TASK, available_at__lte=timezone.now(), holder__isnull=True).first():
        assert lease.organization_id
        with tenancy.declared(lease.organization_id):
            errands.run(lease.pk)
        done += 1
    return done


def stored(stripe: "Sandbox") -> Iterator[Any]:
    """Ids of events on offer: all there are, again and again, each time as others."""
    from billing.providers import registry
    from billing.transitions.receiving import receive

    provider = registry.provider("stripe")
    events = [provider.read_event(*stripe.signed(one["id"])) for one in stripe.events()]
    ours = [one for one in events if one.customer_id]
    for number, seen in enumerate(cycle(ours)):
        yield offered(receive, provider, seen, number)


def offered(receive: Callable[..., None], provider: Any, seen: Any, number: int) -> Any:
    """One of them, under another id."""
    from billing.models import ProviderEvent

    other = replace(seen, id=f"{seen.id}_{number}")
    receive(provider, other)
    return ProviderEvent.key(provider.name, other.account, other.livemode, other.id)


def work(event_id: Any) -> None:
    """What a worker's thread does, with a bound on how long it waits for anybody's lock."""
    from billing.jobs import events

    if connection.connection is None:
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE)
    events.apply(event_id)

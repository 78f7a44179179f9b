"""One call of the API from its request to its answer: key, faults, idempotency, parameters, the object, `expand`."""

import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.stripe import errors, forms, renewals, routes
from tests.fakes.stripe.calls import Call
from tests.fakes.stripe.faults import AFTER, Fault
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.idempotency import Answer, digest
from tests.fakes.stripe.rendering import expanded, shown
from tests.fakes.stripe.world import API_VERSION, Cause, World

LONGEST_KEY = 255


@dataclass
class Reply:
    """What goes back; without a body the connection is cut."""

    status: int
    body: dict[str, Any] | None
    headers: dict[str, str] = field(default_factory=dict)


def reply(world: World, method: str, path: str, headers: Mapping[str, str], sent: str) -> Reply:
    """Answer a call. `headers` by lower-case name, `sent` the form, from the body or the query."""
    key = headers.get("idempotency-key")
    call = world.calls.open(method, path, key if method != "GET" else None)
    request = world.store.identifier("req_", 14)
    fault = world.faults.take(method, path)
    call.fault = fault.kind if fault else ""
    said = {"Request-Id": request, "Stripe-Version": API_VERSION}
    if fault and fault.kind not in AFTER:
        if fault.kind == "hangup_before":
            return Reply(0, None)
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        else:
            return _written(call, Reply(int(fault.kind), errors.of_server(int(fault.kind)).body, said))
    if key and method == "POST":
        said["Idempotency-Key"] = key
    try:
        status, body = _answer(world, call, headers, sent, Cause(request, call.idempotency_key), fault)
    except errors.Refused as refused:
        status, body = refused.status, refused.body
    except Exception:  # a fault of the sandbox is told to whoever called, whole
        status, body = 500, errors.Refused(500, "api_error", traceback.format_exc()).body
    if call.replayed:
        said["Idempotent-Replayed"] = "true"
    if fault and fault.kind == "slow_after":
        time.sleep(fault.seconds)
    if fault and fault.kind == "hangup_after":
        return Reply(0, None)
    return _written(call, Reply(status, body, said))


def _written(call: Call, answer: Reply) -> Reply:
    call.status = answer.status
    return answer


def _answer(
    world: World, call: Call, headers: Mapping[str, str], sent: str, cause: Cause, fault: Fault | None
) -> Answer:
    _check_headers(world, headers)
    if len(call.idempotency_key or "") > LONGEST_KEY:
        raise errors.invalid(f"An idempotency key has at most {LONGEST_KEY} characters.")
    found = routes.find(call.method, call.path)
    if found is None:
        raise errors.invalid(f"Unrecognized request URL ({call.method}: {call.path}).", code="url_invalid", status=404)
    route, identifiers = found
    decoded = forms.decoded(sent)
    call.params = decoded
    params = forms.checked(decoded, route.declared)
    if call.idempotency_key is None or call.method != "POST":
        return _worked(world, route, params, identifiers, cause)
    return _once(world, call, lambda: _worked(world, route, params, identifiers, cause), fault)


def _once(world: World, call: Call, work: Any, fault: Fault | None) -> Answer:
    """The work, or the answer that the same key got before. 402 is kept like an answer, other refusals are not."""
    key = str(call.idempotency_key)
    request = digest(call.method, call.path, call.params)
    kept = world.keys.begin(key, request, int(time.time()))
    if kept:
        call.replayed = True
        return kept
    try:
        answer: Answer = work()
    except errors.Refused as refused:
        if refused.status != 402:
            raise
        answer = refused.status, refused.body
    else:
        if fault and fault.kind == "500_after":
            answer = 500, errors.of_server(500).body
    finally:
        world.keys.end(key)
    world.keys.keep(key, request, answer, int(time.time()))
    return answer


def _worked(world: World, route: routes.Route, params: Params, identifiers: tuple[str, ...], cause: Cause) -> Answer:
    expand = params.pop("expand", None) or []
    with world.lock:
        renewals.catch_up(world)
        world.cause = cause
        try:
            found = route.answer(world, params, *identifiers)
            return 200, expanded(shown(found, world.store), expand, world.store)
        finally:
            world.cause = Cause()


def _check_headers(world: World, headers: Mapping[str, str]) -> None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or key != world.secret_key:
        raise errors.wrong_key(key)
    version = headers.get("stripe-version", API_VERSION)
    if version != API_VERSION:
        raise errors.invalid(f"Invalid Stripe API version: {version}. The sandbox speaks {API_VERSION}.")
    if "stripe-account" in headers:
        raise errors.Refused(
            403, "invalid_request_error", "The sandbox has one account; send no Stripe-Account.", code="account_invalid"
        )

"""Test clocks: Stripe has many, the sandbox one; moving any of them moves it."""

from tests.fakes.stripe import renewals
from tests.fakes.stripe.calendar import months_after
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """The sandbox's clock stands still at `frozen_time` from now on."""
    world.clock.freeze(params["frozen_time"])
    clock = world.new(
        "test_helpers.test_clock",
        "clock_",
        deletes_after=months_after(world.now, 1),
        frozen_time=params["frozen_time"],
        name=params.get("name"),
        status="ready",
        status_details={},
    )
    del clock["metadata"]
    world.emit("test_helpers.test_clock.created", clock)
    return clock


def advance(world: World, params: Params, identifier: str) -> Object:
    """Move it on, two periods of the shortest subscription at most; what falls due happens."""
    clock, moment = world.get("test_helpers.test_clock", identifier), params["frozen_time"]
    if moment <= world.now:
        raise invalid("The frozen_time must be later than the current frozen_time.", "frozen_time")
    if moment > _furthest(world):
        raise invalid("A clock can be advanced by two intervals of the shortest subscription at most.", "frozen_time")
    clock["status"] = "advancing"
    world.emit("test_helpers.test_clock.advancing", clock)
    renewals.advance(world, moment)
    clock |= {"frozen_time": moment, "status": "ready"}
    world.emit("test_helpers.test_clock.ready", clock)
    return clock


def _furthest(world: World) -> int:
    running = [one for one in world.store.all("subscription") if one["status"] in renewals.RUNNING]
    spans = [_two_periods(world.now, one) for one in running]
    return min(spans, default=months_after(world.now, 24))


def _two_periods(now: int, subscription: Object) -> int:
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    days = {"day": 2, "week": 14}.get(recurring["interval"])
    if days:
        return now + days * int(recurring["interval_count"]) * 86_400
    return months_after(now, 2 * recurring["interval_count"] * (12 if recurring["interval"] == "year" else 1))

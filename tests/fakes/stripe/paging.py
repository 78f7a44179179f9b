"""Lists: newest first, by `limit`, `starting_after`, `ending_before`, with the filters that a kind has."""

from collections.abc import Callable, Iterable
from itertools import islice

from tests.fakes.stripe.errors import invalid, missing
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

MOST = 100
PAGING = frozenset({"limit", "starting_after", "ending_before", "expand", "created"})


def page(world: World, kind: str, params: Params, address: str, fits: Callable[[Object, Params], bool]) -> Object:
    """One page. `ending_before` gives what is just newer than an object, still newest first."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= MOST:
        raise invalid(f"This value must be between 1 and {MOST}.", "limit", "parameter_invalid_integer")
    before, after = params.get("ending_before"), params.get("starting_after")
    for name, cursor in (("ending_before", before), ("starting_after", after)):
        if cursor and not world.store.find(cursor, kind):
            raise missing(kind, cursor, name, status=400)

    def fitting(found: Iterable[Object]) -> Iterable[Object]:
        return (one for one in found if not one.get("deleted") and _in_time(one, params) and fits(one, params))

    if before and not after:
        newer = list(islice(fitting(_since(world.store.all(kind), before)), limit + 1))
        return listed(newer[:limit][::-1], address, has_more=len(newer) > limit)
    found = list(islice(fitting(_since(world.store.newest(kind), after)), limit + 1))
    return listed(found[:limit], address, has_more=len(found) > limit)


def equal(one: Object, params: Params) -> bool:
    """Every filter is a field that must have that value."""
    return all(one.get(name) == value for name, value in params.items() if name not in PAGING)


def _since(found: Iterable[Object], cursor: str | None) -> Iterable[Object]:
    """What follows the object with that id; everything without one."""
    if cursor is None:
        yield from found
        return
    passed = False
    for one in found:
        if passed:
            yield one
        passed = passed or one["id"] == cursor


def _in_time(one: Object, params: Params) -> bool:
    asked = params.get("created")
    if asked is None:
        return True
    moment = one["created"]
    if not isinstance(asked, dict):
        return bool(moment == int(asked))
    bounds = {
        "gt": lambda bound: moment > bound,
        "gte": lambda bound: moment >= bound,
        "lt": lambda bound: moment < bound,
        "lte": lambda bound: moment <= bound,
    }
    return all(bounds[name](int(bound)) for name, bound in asked.items())

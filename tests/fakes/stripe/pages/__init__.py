"""What people see: pages to pay on, a customer's portal, a console. No JavaScript, English and French."""

from dataclasses import dataclass, field

from tests.fakes.stripe.world import World


@dataclass(frozen=True)
class Visit:
    """A browser's request."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]


@dataclass
class Page:
    """What it is answered."""

    status: int
    body: str
    kind: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def answer(world: World, visit: Visit) -> Page:
    """The page at an address."""
    return Page(404, "")

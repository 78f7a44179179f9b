"""What people see: pages to pay on, a customer's portal, a console. No JavaScript, English and French."""

from urllib.parse import urlsplit

from tests.fakes.stripe import renewals
from tests.fakes.stripe.errors import Refused
from tests.fakes.stripe.pages import checkout_page, console_page, invoice_page, portal_page
from tests.fakes.stripe.pages.layout import STYLE, Page, Visit, notice
from tests.fakes.stripe.world import World

__all__ = ["Page", "Visit", "answer"]


def answer(world: World, visit: Visit) -> Page:
    """The page at an address."""
    if visit.path == "/sandbox.css":
        return Page(200, STYLE.read_text(), "text/css; charset=utf-8", {"Cache-Control": "no-cache"})
    if visit.method == "POST" and not _ours(visit):
        return notice(visit, 403, "This was not sent from a page of the sandbox.")
    try:
        with world.lock:
            renewals.catch_up(world)
            return _page(world, visit)
    except Refused as refused:
        status = 404 if refused.code == "resource_missing" else 422
        return notice(visit, status, str(refused))


def _page(world: World, visit: Visit) -> Page:
    match visit.path.strip("/").split("/"):
        case ["c", "pay", session]:
            return checkout_page.answer(world, visit, world.get("checkout.session", session))
        case ["p", "session", session]:
            return portal_page.answer(world, visit, world.get("billing_portal.session", session))
        case ["i", invoice]:
            return invoice_page.answer(world, visit, world.get("invoice", invoice))
        case [""]:
            return console_page.answer(world, visit)
    return notice(visit, 404, "There is no such page.")


def _ours(visit: Visit) -> bool:
    """Whether a form was sent from here: a page elsewhere must not move the sandbox's money either."""
    origin = visit.headers.get("Origin")
    return origin in {None, "null"} or urlsplit(str(origin)).netloc == visit.headers.get("Host")

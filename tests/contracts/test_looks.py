"""Every page is looked at by axe in a browser (tests/browser/test_read_by_all.py): a new page without a look fails."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import User
from organizations.models import Organization
from tests.browser import population
from tests.browser.test_read_by_all import PUBLIC, SIGNED_IN
from tests.contracts.test_addresses import PAGES, PERSONAL, Addresses, addresses  # noqa: F401  # a fixture
from tests.contracts.test_addresses import PUBLIC as OPEN_TO_ALL

ClientOf = Callable[[User], Client]
# Open to everybody and a page, by the lists of test_addresses; the rest there is no page.
NO_PAGES = {"signed_file", "set_language", "accounts:theme", "livez", "readyz", "metrics", "robots", "beta_invite"}
NO_PAGES |= {"public_card", "public_picture", "shared_picture", "stripe_webhook"}
PUBLIC_PAGES = OPEN_TO_ALL.keys() - NO_PAGES


def seen(organization: Organization, owner: User, signed_in: list[str]) -> set[str]:
    """Names of the addresses that a browser opens."""
    shelf = population.shelf(organization, owner)
    below = [shelf.get(path, path) for path in signed_in]
    urls = [path if path.startswith("/") else f"/o/{organization.slug}/{path}" for path in below]
    paths = [url.partition("?")[0] for url in [*PUBLIC, *urls]]
    return {resolve(path).view_name for path in paths if path != "/nowhere/"}


def is_page(client: Client, url: str) -> bool:
    """Whether a GET answers with a whole page of HTML."""
    answer = client.get(url)
    whole = answer.status_code == 200 and not answer.streaming
    return whole and b"<!doctype html>" in answer.content[:100].lower()


@pytest.fixture
def pages(addresses: Addresses, owner: User, client_of: ClientOf) -> set[str]:  # noqa: F811  # the fixture
    """Names of every page there is."""
    client = client_of(owner)
    tenant = {name for name in PAGES if is_page(client, addresses[name])}
    return tenant | {name for name in PERSONAL if is_page(client, reverse(name))} | PUBLIC_PAGES


def test_every_page_is_looked_at(pages: set[str], organization: Organization, owner: User) -> None:
    assert pages - seen(organization, owner, SIGNED_IN) == set()


def test_a_page_that_nobody_looks_at_is_caught(pages: set[str], organization: Organization, owner: User) -> None:
    without_outline = [path for path in SIGNED_IN if path != "outline"]
    assert pages - seen(organization, owner, without_outline) == {"books:outline"}

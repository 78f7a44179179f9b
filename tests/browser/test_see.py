"""Pages are there."""

import pytest

from tests.browser.conftest import Visits
from tests.browser.site import Person

pytestmark = pytest.mark.xdist_group("browser")


def test_home(visit: Visits, collector: Person) -> None:
    visitor = visit(collector)
    visitor.go("")
    visitor.page.screenshot(path="/tmp/h-home.png")
    assert visitor("h1").inner_text()

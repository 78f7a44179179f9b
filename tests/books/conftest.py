"""The browsers of the cast."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization

Sign = Callable[[User], Client]


@pytest.fixture
def author(organization: Organization, editor: User, client_of: Sign) -> Client:
    """The browser of `editor`, who writes the books of these tests."""
    return client_of(editor)


@pytest.fixture
def stranger(outsider: User, client_of: Sign) -> Client:
    """The browser of somebody from another organization."""
    return client_of(outsider)

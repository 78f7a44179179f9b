"""Saved cards: added on the provider's page, preferred, forgotten; and the provider's own page."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from billing.actions import cards
from billing.errors import PaymentRefused
from billing.jobs import reading
from billing.models import Errand, ErrandState, Price, SavedCard
from billing.providers.registry import provider
from organizations.models import Organization
from tests.billing import till
from tests.billing.till import Perform
from tests.fakes.stripe import Sandbox

pytestmark = pytest.mark.django_db
Sold = Callable[..., Price]
Ask = Callable[..., Errand]


@pytest.fixture
def ask(organization: Organization, owner: User, run_queue: Perform) -> Ask:
    """Do an action and what follows of it."""

    def done(action: Callable[..., Errand], **said: Any) -> Errand:
        with till.working(organization):
            asked = action(by=owner, **said)
        return till.worked_off(asked, run_queue)

    return done


@pytest.fixture
def add(organization: Organization, stripe: Sandbox, ask: Ask) -> Callable[[str], SavedCard]:
    """Add a card on the provider's page."""

    def added(token: str) -> SavedCard:
        before = {one["id"] for one in stripe.objects("checkout.session")}
        ask(cards.add_card, organization=organization)
        (session,) = [one for one in stripe.objects("checkout.session") if one["id"] not in before]
        stripe.pay(session["id"], token)
        reading.bring_in(organization, provider("stripe"), "checkout", session["id"])
        (card,) = till.rows(SavedCard, organization, brand=token.removeprefix("pm_card_"))
        return card

    return added


def shown(organization: Organization) -> dict[str, str]:
    """Each card and what it is."""
    states = {}
    for card in till.rows(SavedCard, organization):
        states[str(card)] = "removed" if card.removed_at else "default" if card.is_default else "kept"
    return states


def test_a_card_is_added_on_a_page_of_its_own(
    organization: Organization, stripe: Sandbox, ask: Ask, add: Callable[[str], SavedCard]
) -> None:
    errand = ask(cards.add_card, organization=organization)
    assert errand.state == ErrandState.DONE
    assert errand.result["url"].startswith(stripe.url)
    (session,) = stripe.objects("checkout.session")
    assert (session["mode"], session["metadata"]) == ("setup", {"organization": str(organization.pk)})
    assert session["success_url"].endswith("/o/atelier/billing/cards/")
    assert str(add("pm_card_mastercard")) == "mastercard •••• 4444"
    assert till.trail(organization) == ["card.page_asked"] * 2


def test_the_card_that_is_preferred_pays(
    organization: Organization,
    owner: User,
    sold: Sold,
    stripe: Sandbox,
    run_queue: Perform,
    ask: Ask,
    add: Callable[[str], SavedCard],
) -> None:
    till.bought(organization, sold("PRO"), owner, stripe, run_queue)
    second = add("pm_card_mastercard")
    assert shown(organization) == {"visa •••• 4242": "default", "mastercard •••• 4444": "kept"}
    assert ask(cards.set_default, card=second).state == ErrandState.DONE
    assert shown(organization) == {"visa •••• 4242": "kept", "mastercard •••• 4444": "default"}
    assert stripe.objects("subscription")[0]["default_payment_method"] == second.provider_id
    assert till.trail(second) == ["card.preferred"]


def test_the_card_that_pays_the_plan_stays(
    organization: Organization,
    owner: User,
    sold: Sold,
    stripe: Sandbox,
    run_queue: Perform,
    ask: Ask,
    add: Callable[[str], SavedCard],
) -> None:
    till.bought(organization, sold("PRO"), owner, stripe, run_queue)
    second = add("pm_card_mastercard")
    (first,) = till.rows(SavedCard, organization, brand="visa")
    with pytest.raises(PaymentRefused, match="Choose another one"):
        ask(cards.remove_card, card=first)
    assert ask(cards.remove_card, card=second).state == ErrandState.DONE
    assert shown(organization) == {"visa •••• 4242": "default", "mastercard •••• 4444": "removed"}
    assert stripe.object(second.provider_id)["customer"] is None
    with pytest.raises(PaymentRefused, match="removed already"):
        ask(cards.remove_card, card=second)


def test_a_card_removed_there_already_is_removed_here(
    organization: Organization, stripe: Sandbox, ask: Ask, add: Callable[[str], SavedCard]
) -> None:
    card = add("pm_card_visa")
    provider("stripe").remove_card(card.provider_id, key="by the portal")
    assert ask(cards.remove_card, card=card).state == ErrandState.DONE
    assert shown(organization) == {"visa •••• 4242": "removed"}


def test_the_providers_page_opens_in_the_language_of_who_asks(
    organization: Organization, owner: User, stripe: Sandbox, ask: Ask
) -> None:
    owner.language = "fr"
    owner.save()
    errand = ask(cards.open_portal, organization=organization)
    assert errand.result["url"].startswith(stripe.url)
    (session,) = stripe.objects("billing_portal.session")
    assert (session["locale"], session["return_url"].partition("/o/")[2]) == ("fr", "atelier/billing/")


def test_what_a_provider_cannot_do_is_not_asked_of_it(
    organization: Organization, stripe: Sandbox, ask: Ask, settings: Any
) -> None:
    settings.STRIPE_SECRET_KEY = ""
    for action in (cards.add_card, cards.open_portal):
        with pytest.raises(PaymentRefused, match="switched off"):
            ask(action, organization=organization)

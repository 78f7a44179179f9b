"""A run pays for what it delivered, by the tariff and never more than was agreed; the rest comes back by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import Act, CreditLot, CreditPrice, EntryKind, UsageRecord
from billing.queries import Balance
from books.models import Run, RunState
from books.queries.deliveries import written_words
from books.transitions import charges, erasing
from core import tenancy
from organizations.models import Organization
from tests import builders
from tests.billing.purse import entries_of, have, purse_of
from tests.books import desk
from tests.fakes.llm import FakeLanguageModel

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
Perform = Callable[[], int]


def used(run: Run) -> dict[str, tuple[int, int]]:
    """Units and credits of the run's records, by act."""
    return {row.act: (row.units, row.credits) for row in desk.rows(UsageRecord, run.organization, subject_id=run.pk)}


@pytest.fixture
def dear(db: None) -> None:
    """Every hundred words begun cost a credit, so that few words tell."""
    CreditPrice.objects.filter(act=Act.WORDS).update(per=100)


def test_a_completed_book_pays_for_delivered_words_and_gets_the_rest_back(
    dear: None,
    owner: User,
    organization: Organization,
    client_of: ClientOf,
    run_queue: Perform,
    language_model: FakeLanguageModel,
) -> None:
    have(organization, 10)
    run = desk.begin(client_of(owner), approves_itself="on")
    assert purse_of(organization) == Balance(5, 5)
    run_queue()
    run = desk.again(run)
    words = -(-run.delivered_words // 100)
    assert (run.state, words) in {(RunState.COMPLETED, 3), (RunState.COMPLETED, 4)}
    assert purse_of(organization) == Balance(9 - words)
    assert used(run) == {Act.OUTLINE: (1, 1), Act.WORDS: (run.delivered_words, words)}
    kinds = [entry.kind for entry in entries_of(run)]
    assert kinds == [EntryKind.RESERVE, EntryKind.SETTLE, *([EntryKind.RELEASE] if words < 4 else [])]


def test_a_run_cancelled_before_its_first_call_costs_nothing(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    have(organization, 2)
    mine = client_of(owner)
    run = desk.begin(mine)
    assert desk.act(mine, run, "cancel") == 302
    assert purse_of(organization) == Balance(2)
    assert used(run) == {}
    assert desk.act(mine, run, "cancel") == 302
    assert len(entries_of(run)) == 2


def test_a_cancelled_run_pays_for_its_outline_alone(
    owner: User,
    organization: Organization,
    client_of: ClientOf,
    run_queue: Perform,
    language_model: FakeLanguageModel,
) -> None:
    have(organization, 2)
    mine = client_of(owner)
    run = desk.begin(mine)
    run_queue()
    assert desk.act(mine, run, "cancel") == 302
    assert purse_of(organization) == Balance(1)
    assert used(run) == {Act.OUTLINE: (1, 1)}


def test_a_failed_run_gives_back_by_itself_and_reserves_again_when_it_is_tried_again(
    owner: User,
    organization: Organization,
    client_of: ClientOf,
    run_queue: Perform,
    language_model: FakeLanguageModel,
) -> None:
    have(organization, 2)
    mine = client_of(owner)
    language_model.control.fault("refusal", nth=1)
    run = desk.begin(mine, approves_itself="on")
    run_queue()
    assert desk.again(run).state == RunState.FAILED
    assert purse_of(organization) == Balance(2)
    assert desk.act(mine, run, "retry") == 302
    assert purse_of(organization) == Balance(0, 2)
    run_queue()
    assert desk.again(run).state == RunState.COMPLETED
    assert purse_of(organization) == Balance()
    assert used(run)[Act.OUTLINE] == (1, 1)


def test_a_failed_run_is_not_tried_again_without_its_credits(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    run = builders.make_run(builders.make_book(organization, owner), state=RunState.FAILED)
    builders.make_step(run, state="failed", problem="The model was away.")
    response = client_of(owner).post(desk.address("run_retry", "atelier", run.pk))
    assert response.status_code == 422
    assert "Nothing has been started" in response.content.decode()
    assert desk.again(run).state == RunState.FAILED
    page = client_of(owner).get(desk.address("run", "atelier", run.pk)).content.decode()
    assert 'id="run-retry" disabled' in page


def test_a_pause_keeps_the_reserve(owner: User, organization: Organization, client_of: ClientOf) -> None:
    have(organization, 2)
    mine = client_of(owner)
    run = desk.begin(mine)
    assert desk.act(mine, run, "pause") == 302
    assert purse_of(organization) == Balance(0, 2)
    assert desk.act(mine, run, "resume") == 302
    assert purse_of(organization) == Balance(0, 2)
    assert len(entries_of(run)) == 1


def test_what_people_do_to_written_text_changes_no_price(
    dear: None,
    owner: User,
    organization: Organization,
    client_of: ClientOf,
    run_queue: Perform,
    language_model: FakeLanguageModel,
) -> None:
    have(organization, 10)
    run = desk.begin(client_of(owner), approves_itself="on")
    run_queue()
    before = desk.again(run).delivered_words
    for chapter in desk.chapters_of(run):
        desk.write(chapter, "Gone.", owner)
    with tenancy.declared(organization.pk):
        assert written_words(desk.again(run)) == before > 100


def test_what_comes_back_to_a_lot_that_has_expired_is_gone(
    owner: User, organization: Organization, client_of: ClientOf
) -> None:
    builders.give_credits(organization, 2, expires_at=timezone.now() + timedelta(days=1))
    mine = client_of(owner)
    run = desk.begin(mine)
    with tenancy.declared(organization.pk):
        CreditLot.objects.of(organization).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert desk.act(mine, run, "cancel") == 302
    assert purse_of(organization) == Balance()


def test_an_erased_book_gives_back_what_its_runs_held(owner: User, organization: Organization) -> None:
    have(organization, 2)
    book = builders.make_book(organization, owner, trashed_at=timezone.now())
    run = builders.make_run(book, state=RunState.PAUSED, resume_state=RunState.OUTLINING)
    with tenancy.declared(organization.pk):
        charges.reserve(run, owner)
        erasing.erase(erasing.lock(book))
    assert purse_of(organization) == Balance(2)

"""What a run costs: reserved before its first call, settled when it ends, in the transaction that moves it.

The account is locked last, after the run and its book: whoever moves several runs locks them all before.
"""

from accounts.models import User
from billing.actions.credits import reserve as hold
from billing.actions.credits import settle as take
from books.models import Run
from books.queries.deliveries import delivered


def reserve(run: Run, by: User | None) -> None:
    """Hold what the run was quoted, less what it was settled at before. Raises TooFewCredits and InDebt."""
    hold(organization=run.organization, run_id=run.pk, amount=run.credits_quoted, by=by)


def settle(run: Run) -> None:
    """Take what was delivered, give back the rest."""
    take(
        organization=run.organization,
        run_id=run.pk,
        delivered=delivered(run),
        book_id=run.book_id,
        person_id=run.started_by_id,
    )

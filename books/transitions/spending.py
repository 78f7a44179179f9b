"""Caps on what models cost: kept before a call, warned of after it, and the pause when one is reached."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import actions as audit
from books.errors import CapReached
from books.models import WORKING_RUN_STATES, CapScope, Run, RunState, SpendingCaps, SpendingWarning
from books.queries import caps
from books.queries.caps import Reach
from books.queries.money import dollars
from books.transitions import cap_letters, runs


def reserve(run: Run, worst: int) -> bool:
    """Inside a transaction: make sure that a call of at most `worst` fits every cap, if any. Raises CapReached.

    Calls of one organization stand in line here while it has caps, so that two chapters never take the same last room;
    the caller's journal entry, committed with this transaction, is the reserve. False, after one query, without caps.
    """
    if not caps.of_run(run):
        return False
    held = _stand_in_line(run)
    beyond = caps.first_beyond(caps.reached(run, held), worst)
    if beyond:
        raise CapReached(_no_room(beyond, worst), needed=worst)
    return True


def _stand_in_line(run: Run) -> dict[CapScope, int]:
    """Lock what the caps stand on, and read them again: they may have been changed by whoever was ahead."""
    if not list(SpendingCaps.objects.of(run.organization).select_for_update().values_list("pk")):
        runs.lock(run)
    return caps.of_run(run)


def _no_room(reach: Reach, worst: int) -> str:
    more = _("The next call may cost up to %(worst)s: an owner or admin can raise the cap under “Spending”.")
    return f"{reach.sentence} {more % {'worst': dollars(worst)}}"


def pause(run: Run, needed: int) -> None:
    """Pause a locked run whose next call, of at most `needed`, no cap has room for; not if there is room meanwhile."""
    beyond = _beyond(run, needed)
    if beyond is None or run.state not in WORKING_RUN_STATES:
        return
    run.needed_micros = needed
    run.save(update_fields=["needed_micros", "updated_at"])
    runs.move(run, RunState.PAUSED, problem=_no_room(beyond, needed))
    audit.record("run.capped", target=run, details=_figures(beyond) | {"needed": needed})
    cap_letters.tell_leads(run, beyond)


def let_go_on(run: Run) -> None:
    """Let a locked run that a cap has paused go on. Raises CapReached while its next call still has no room."""
    if run.needed_micros is None:
        return
    beyond = _beyond(run, run.needed_micros)
    if beyond:
        raise CapReached(_no_room(beyond, run.needed_micros), needed=run.needed_micros)
    run.needed_micros = None
    run.save(update_fields=["needed_micros", "updated_at"])


def _beyond(run: Run, needed: int) -> Reach | None:
    return caps.first_beyond(caps.reached(run, caps.of_run(run)), needed)


@transaction.atomic
def warn(run: Run) -> None:
    """After a call: tell people, once for each cap and amount, that 80 or 95 per cent of it is spent."""
    for reach in caps.reached(run, caps.of_run(run)):
        percent = next((one for one in caps.WARNED_AT if reach.percent >= one), None)
        if percent and _is_news(run, reach, percent):
            audit.record("spending.warned", target=run, details=_figures(reach) | {"percent": percent})
            cap_letters.tell_all(run, reach)


def _is_news(run: Run, reach: Reach, percent: int) -> bool:
    _row, made = SpendingWarning.objects.of(run.organization).get_or_create(
        organization=run.organization,
        scope=reach.scope,
        run=run if reach.scope == CapScope.RUN else None,
        month=caps.month_of(timezone.now()) if reach.scope == CapScope.MONTH else None,
        percent=percent,
        cap_micros=reach.cap,
        defaults={"spent_micros": reach.spent},
    )
    return made


def _figures(reach: Reach) -> dict[str, str | int]:
    return {"scope": str(reach.scope), "cap": reach.cap, "spent": reach.spent}

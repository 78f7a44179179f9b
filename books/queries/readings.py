"""Numbers of books, runs, exports and model calls for Prometheus (core.metrics): across organizations, naming none."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from books.models import CallState, Export, LanguageModelCall, Run
from core.ids import first_id
from core.metrics import Reading

WINDOW = timedelta(hours=1)  # of what is over: `…_last_hour`


def of_work() -> Iterator[Reading]:
    """Everything of this app; called at scrape time in a read-only transaction."""
    return chain(
        run_readings(), call_readings(), answer_readings(), error_readings(), fallback_readings(), export_readings()
    )


def since() -> UUID:
    """The first id of the window."""
    return first_id(timezone.now() - WINDOW)


def run_readings() -> Iterator[Reading]:
    """Runs by state, all there are."""
    for state, number in Run.objects.values_list("state").annotate(number=Count("id")):
        yield Reading("runs", "Runs by state", number, {"state": state})


def call_readings() -> Iterator[Reading]:
    """Model calls begun in the last hour, and their tokens."""
    rows = (
        recent_calls()
        .values("model", "purpose", "state")
        .annotate(
            number=Count("id"),
            tokens_in=Sum("tokens_in"),
            tokens_out=Sum("tokens_out"),
            cost=Sum("cost_micros", default=0),
            unpriced=Count("id", filter=Q(state=CallState.ANSWERED, cost_micros__isnull=True)),
        )
    )
    about = "Tokens of model calls begun in the last hour"
    for row in rows:
        labels = {"model": row["model"], "purpose": row["purpose"], "state": row["state"]}
        yield Reading("model_calls_last_hour", "Model calls begun in the last hour", row["number"], labels)
        yield Reading("model_tokens_last_hour", about, row["tokens_in"], {**labels, "direction": "in"})
        yield Reading("model_tokens_last_hour", about, row["tokens_out"], {**labels, "direction": "out"})
        dollars = row["cost"] / 1_000_000
        yield Reading("model_cost_last_hour_dollars", "Cost of model calls begun in the last hour", dollars, labels)
        yield Reading("model_unpriced_last_hour", "Answers without a known price", row["unpriced"], labels)


def answer_readings() -> Iterator[Reading]:
    """Seconds of the last hour's whole answers, mean and longest."""
    answered = recent_calls().filter(state=CallState.ANSWERED, total_ms__isnull=False)
    for row in answered.values("model").annotate(mean=Avg("total_ms"), longest=Max("total_ms")):
        for kind, milliseconds in (("mean", row["mean"]), ("longest", row["longest"])):
            labels = {"model": row["model"], "of": kind}
            yield Reading("model_answer_last_hour_seconds", "Whole answers", milliseconds / 1000, labels)


def error_readings() -> Iterator[Reading]:
    """Failed calls of the last hour by code."""
    failed = recent_calls().exclude(problem_code="").values("model", "problem_code")
    for row in failed.annotate(number=Count("id")):
        labels = {"model": row["model"], "code": row["problem_code"]}
        yield Reading("model_errors_last_hour", "Model calls of the last hour that failed", row["number"], labels)


def fallback_readings() -> Iterator[Reading]:
    """Calls of the last hour that another model than the preferred one was asked for, by the preferred one."""
    fell_back = recent_calls().exclude(fallbacks=[]).values("asked")
    for row in fell_back.annotate(number=Count("id")):
        labels = {"model": row["asked"]}
        yield Reading("model_fallbacks_last_hour", "Calls of the last hour that fell back", row["number"], labels)


def recent_calls() -> QuerySet[LanguageModelCall]:
    """Of every organization: for counting alone."""
    return LanguageModelCall.objects.filter(pk__gte=since())


def export_readings() -> Iterator[Reading]:
    """Exports asked for in the last hour: how many by state, and from asking to ready, mean and longest."""
    recent = Export.objects.filter(pk__gte=since())
    took = F("finished_at") - F("created_at")
    for row in recent.values("format", "state").annotate(number=Count("id"), mean=Avg(took), longest=Max(took)):
        labels = {"format": row["format"], "state": row["state"]}
        yield Reading("exports_last_hour", "Exports asked for in the last hour", row["number"], labels)
        for kind, time in (("mean", row["mean"]), ("longest", row["longest"])):
            if time is not None:  # no file of this state is finished
                seconds = time.total_seconds()
                yield Reading("export_last_hour_seconds", "From asking to file", seconds, {**labels, "of": kind})

"""One generation of a book: the run, its steps, its outline and the journal of every language-model call."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from organizations.models import TenantRow


class RunState(models.TextChoices):
    """Where a run is; books.transitions.runs holds the legal moves."""

    PENDING = "pending", _("waiting to start")
    OUTLINING = "outlining", _("outlining")
    AWAITING_APPROVAL = "awaiting_approval", _("waiting for your approval")
    WRITING = "writing", _("writing")
    FINALIZING = "finalizing", _("finishing")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    PAUSED = "paused", _("paused")


ACTIVE_RUN_STATES = [
    RunState.PENDING,
    RunState.OUTLINING,
    RunState.AWAITING_APPROVAL,
    RunState.WRITING,
    RunState.FINALIZING,
    RunState.FAILED,
    RunState.PAUSED,
]
# Workers are at it, or will be; the other active ones wait for a person.
WORKING_RUN_STATES = [RunState.PENDING, RunState.OUTLINING, RunState.WRITING, RunState.FINALIZING]


class RunKind(models.TextChoices):
    """What was ordered. Everything but a book is one step, and goes from pending to writing to completed."""

    BOOK = "book", _("book")
    REWRITE = "rewrite", _("rewrite of a chapter")
    SUGGEST = "suggest", _("suggestions for a chapter")
    CHAT = "chat", _("chat")


class StepKind(models.TextChoices):
    """What a step makes."""

    OUTLINE = "outline", _("outline")
    CHAPTER = "chapter", _("chapter")
    FINISH = "finish", _("back-cover text and contents")
    REWRITE = "rewrite", _("rewritten chapter")
    SUGGEST = "suggest", _("suggestions")
    CHAT = "chat", _("answer")


class StepState(models.TextChoices):
    """Where a step is. Who works on it right now is its lease's matter (core.leases)."""

    OPEN = "open", _("waiting")
    WORKING = "working", _("working")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class CallState(models.TextChoices):
    """What became of one call. `uncertain`: its worker died before the answer was journaled; it may have been paid."""

    ASKING = "asking", _("asking")
    ANSWERED = "answered", _("answered")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")
    UNCERTAIN = "uncertain", _("uncertain")


MOST_FACTS, LONGEST_FACT = 20, 160


class Run(TenantRow):
    """One order to the models, at the price it was sold at, with everything its prompts use fixed at its start."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="runs", verbose_name=_("book"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="runs", verbose_name=_("started by")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=RunKind, default=RunKind.BOOK)
    state = models.CharField(_("state"), max_length=20, choices=RunState, default=RunState.PENDING)
    # Where a paused or failed run goes on from.
    resume_state = models.CharField(_("goes on as"), max_length=20, choices=RunState, blank=True)
    approves_itself = models.BooleanField(_("approve the outline by itself"), default=False)
    brief = models.JSONField(_("brief"), default=dict)
    # Names, terms and dates every section keeps to; from the outline, the author's to edit until approval.
    facts = ArrayField(models.CharField(max_length=300), verbose_name=_("facts"), default=list, blank=True)
    # The preferred model's name by kind of step, fixed at the start: it is part of the journal's key.
    routes = models.JSONField(_("routes"), default=dict, blank=True)
    # Millionths of a US dollar that its calls may cost; None leaves it to the organization's caps.
    cap_micros = models.PositiveBigIntegerField(_("spending cap"), null=True, blank=True)
    # What the call may cost that a cap paused it before; None unless one did.
    needed_micros = models.PositiveBigIntegerField(_("needed to go on"), null=True, blank=True)
    model_name = models.CharField(_("model"), max_length=120, blank=True)
    model_label = models.CharField(_("model's name on screen"), max_length=120, blank=True)
    section_words = models.PositiveSmallIntegerField(_("words per section"), default=0)
    # Words of sources that one prompt has room for; None until a worker has seen the model's window.
    passage_words = models.PositiveSmallIntegerField(_("words of sources per section"), null=True, blank=True)
    tariff_version = models.PositiveIntegerField(_("tariff version"))
    credits_quoted = models.PositiveIntegerField(_("credits quoted"))
    planned_words = models.PositiveIntegerField(_("planned words"))
    delivered_words = models.PositiveIntegerField(_("delivered words"), default=0)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="run_list")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="run_in_organization"),
            models.UniqueConstraint(
                fields=["book"],
                condition=models.Q(state__in=ACTIVE_RUN_STATES, kind=RunKind.BOOK),
                name="run_one_active_per_book",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=RunKind.values), name="run_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=RunState.values), name="run_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.brief.get('title', '')} ({self.get_state_display()})"

    def sections_of(self, words: int) -> int:
        """How many sections a chapter of so many words is written in."""
        return max(1, -(-words // (self.section_words or 1)))


class OutlineEntry(TenantRow):
    """One planned chapter; editable until approval, fixed from then on because prompts use it (ruling 16)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="outline", verbose_name=_("run"))
    position = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=150)
    summary = models.CharField(_("summary"), max_length=1000, blank=True)
    points = ArrayField(models.CharField(max_length=300), verbose_name=_("points"), default=list, blank=True)
    words = models.PositiveSmallIntegerField(_("words"))

    class Meta:
        verbose_name = _("outline entry")
        verbose_name_plural = _("outline entries")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"], name="outline_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Step(TenantRow):
    """One resumable part of a run."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps", verbose_name=_("run"))
    kind = models.CharField(_("kind"), max_length=10, choices=StepKind)
    position = models.PositiveSmallIntegerField(_("number"), default=0)
    chapter = models.ForeignKey(
        Chapter, on_delete=models.SET_NULL, null=True, blank=True, related_name="steps", verbose_name=_("chapter")
    )
    state = models.CharField(_("state"), max_length=10, choices=StepState, default=StepState.OPEN)
    # Rises when a person retries after unusable answers: part of the journal's key, so the model is asked afresh.
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    # Faults that pass by themselves (429, 5xx, time-outs) since the last progress.
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    problem_code = models.CharField(_("problem code"), max_length=40, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    waits_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="step_in_organization"),
            models.UniqueConstraint(fields=["run", "kind", "position"], name="step_once"),
            models.CheckConstraint(condition=models.Q(state__in=StepState.values), name="step_state_known"),
            models.CheckConstraint(
                # The step of a chapter that was planned and dropped stays, without it: its calls were paid.
                condition=models.Q(kind__in=[StepKind.CHAPTER, StepKind.REWRITE, StepKind.SUGGEST])
                | models.Q(chapter__isnull=True),
                name="step_chapter_for_chapters",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"


class LanguageModelCall(TenantRow):
    """One call in the journal, by the hash of its input; its text is used only once it stands here (ruling 16)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="calls", verbose_name=_("run"))
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="calls", verbose_name=_("step"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    input_hash = models.CharField(_("hash of the input"), max_length=64)
    purpose = models.CharField(_("purpose"), max_length=20)
    holder = models.UUIDField(_("worker's lease"))
    state = models.CharField(_("state"), max_length=10, choices=CallState, default=CallState.ASKING)
    # `asked` is who was preferred, `model` who answered at `provider`, `fallbacks` who failed in between and why.
    tier = models.CharField(_("tier"), max_length=20, blank=True)
    provider = models.CharField(_("provider"), max_length=20, blank=True)
    asked = models.CharField(_("model preferred"), max_length=120, blank=True)
    model = models.CharField(_("model"), max_length=120)
    fallbacks = models.JSONField(_("fallbacks"), default=list, blank=True)
    # Millionths of a US dollar; None where no price is known. `reserved` is the most it can cost while it is asked,
    # `strong` what the strong tier's first model would have cost for these tokens.
    reserved_micros = models.PositiveBigIntegerField(_("reserved"), default=0)
    cost_micros = models.PositiveBigIntegerField(_("cost"), null=True, blank=True)
    strong_micros = models.PositiveBigIntegerField(_("cost with the strong model"), null=True, blank=True)
    text = models.TextField(_("answer"), blank=True)
    finish = models.CharField(_("ended by"), max_length=10, blank=True)
    tokens_in = models.PositiveIntegerField(_("tokens in"), default=0)
    tokens_out = models.PositiveIntegerField(_("tokens out"), default=0)
    first_text_ms = models.PositiveIntegerField(_("first text after (ms)"), null=True, blank=True)
    total_ms = models.PositiveIntegerField(_("whole answer after (ms)"), null=True, blank=True)
    problem_code = models.CharField(_("problem code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("language-model call")
        verbose_name_plural = _("language-model calls")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["run", "id"], name="call_by_run"),
            models.Index(fields=["organization", "id"], name="call_by_organization"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step", "attempt", "input_hash"],
                condition=models.Q(state=CallState.ANSWERED),
                name="call_answered_once",
            ),
            models.CheckConstraint(condition=models.Q(state__in=CallState.values), name="call_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.get_state_display()})"

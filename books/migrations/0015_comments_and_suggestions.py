import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("spelling", "spelling"),
    ("grammar", "grammar"),
    ("style", "style"),
    ("coherence", "coherence"),
    ("structure", "structure"),
    ("fact_check", "fact check"),
]
SEVERITIES = [("info", "info"), ("warning", "warning"), ("error", "error"), ("critical", "critical")]
STATES = [("pending", "open"), ("applied", "accepted"), ("rejected", "rejected"), ("ignored", "ignored")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("books", "0014_versions_and_revisions"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("start", models.PositiveIntegerField(default=0, verbose_name="from character")),
                ("end", models.PositiveIntegerField(default=0, verbose_name="to character")),
                ("quote", models.TextField(blank=True, verbose_name="passage")),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="edited")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                ("request_key", models.UUIDField(blank=True, null=True, verbose_name="request key")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.chapter",
                        verbose_name="chapter",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "thread",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="books.comment",
                        verbose_name="reply to",
                    ),
                ),
            ],
            options={"verbose_name": "comment", "verbose_name_plural": "comments", "ordering": ["id"]},
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={"verbose_name": "mention", "verbose_name_plural": "mentions"},
        ),
        migrations.AddField(
            model_name="comment",
            name="mentions",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                through="books.Mention",
                to=settings.AUTH_USER_MODEL,
                verbose_name="mentioned",
            ),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=KINDS, max_length=10), size=None, verbose_name="kinds"
                    ),
                ),
                ("base_markdown", models.TextField(verbose_name="text when asked")),
                ("made", models.PositiveIntegerField(default=0, verbose_name="suggestions made")),
                ("dropped", models.PositiveIntegerField(default=0, verbose_name="suggestions dropped")),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="books.chapter",
                        verbose_name="chapter",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review",
                        to="books.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "review by a model",
                "verbose_name_plural": "reviews by models",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("start", models.PositiveIntegerField(default=0, verbose_name="from character")),
                ("end", models.PositiveIntegerField(default=0, verbose_name="to character")),
                ("quote", models.TextField(blank=True, verbose_name="passage")),
                ("kind", models.CharField(choices=KINDS, max_length=10, verbose_name="kind")),
                (
                    "severity",
                    models.CharField(choices=SEVERITIES, default="info", max_length=8, verbose_name="severity"),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("person", "person"), ("checker", "checker"), ("model", "model")],
                        max_length=7,
                        verbose_name="source",
                    ),
                ),
                (
                    "source_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name of the checker or model"),
                ),
                ("proposal", models.TextField(blank=True, verbose_name="proposal")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="reason")),
                ("state", models.CharField(choices=STATES, default="pending", max_length=8, verbose_name="state")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decision", models.UUIDField(blank=True, null=True, verbose_name="decision")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.chapter",
                        verbose_name="chapter",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="books.run",
                        verbose_name="run",
                    ),
                ),
            ],
            options={"verbose_name": "suggestion", "verbose_name_plural": "suggestions", "ordering": ["start", "id"]},
        ),
        migrations.AddConstraint(
            model_name="mention", constraint=models.UniqueConstraint(fields=("comment", "person"), name="mention_once")
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("thread__isnull", True)), fields=["book", "-id"], name="comment_list"
            ),
        ),
        migrations.AddIndex(
            model_name="comment", index=models.Index(fields=["chapter", "id"], name="comment_in_chapter")
        ),
        migrations.AddIndex(model_name="comment", index=models.Index(fields=["thread", "id"], name="comment_replies")),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="comment_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("organization", "request_key"), name="comment_request_once"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))), name="comment_passage"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("thread__isnull", True),
                    models.Q(("end", 0), ("quote", ""), ("resolved_at__isnull", True)),
                    _connector="OR",
                ),
                name="comment_reply_has_its_threads",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["chapter", "state", "start", "id"], name="suggestion_in_chapter"),
        ),
        migrations.AddIndex(
            model_name="suggestion", index=models.Index(fields=["book", "state", "-id"], name="suggestion_list")
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("decision__isnull", False)), fields=["decision"], name="suggestion_by_decision"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="suggestion_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["spelling", "grammar", "style", "coherence", "structure", "fact_check"])
                ),
                name="suggestion_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["info", "warning", "error", "critical"])),
                name="suggestion_severity",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["person", "checker", "model"])), name="suggestion_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "applied", "rejected", "ignored"])),
                name="suggestion_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposal", models.F("quote")), _negated=True), name="suggestion_changes_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))), name="suggestion_passage"
            ),
        ),
    ]

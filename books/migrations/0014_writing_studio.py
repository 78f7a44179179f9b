import core.fields
import core.ids
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("books", "0013_what_limits_count"),
        ("organizations", "0005_members_by_role"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BookKey",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collaborator", "invitation of a collaborator"),
                            ("share_link", "share link"),
                            ("public_page", "public page"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="key")),
                ("subject_id", models.UUIDField(verbose_name="what it opens")),
            ],
            options={
                "verbose_name": "key to a book",
                "verbose_name_plural": "keys to books",
            },
        ),
        migrations.CreateModel(
            name="Collaborator",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("commenter", "commenter"),
                            ("editor", "editor"),
                            ("admin", "admin"),
                        ],
                        default="commenter",
                        max_length=9,
                        verbose_name="role",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "invited"), ("active", "active"), ("inactive", "inactive")],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="message")),
                ("language", models.CharField(default="en", max_length=2, verbose_name="language")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="invitation expires")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="last sent")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "collaborator",
                "verbose_name_plural": "collaborators",
                "ordering": ["-id"],
            },
        ),
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
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
            ],
            options={
                "verbose_name": "mention",
                "verbose_name_plural": "mentions",
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("alt", models.CharField(blank=True, max_length=500, verbose_name="what it shows")),
                ("is_decorative", models.BooleanField(default=False, verbose_name="only decorates")),
                ("media_type", models.CharField(max_length=20, verbose_name="media type")),
                ("width", models.PositiveIntegerField(verbose_name="width in pixels")),
                ("height", models.PositiveIntegerField(verbose_name="height in pixels")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of what was uploaded")),
                ("file", models.CharField(max_length=200, verbose_name="stored file")),
                ("small_file", models.CharField(max_length=200, verbose_name="stored small file")),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["-id"],
            },
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
                        base_field=models.CharField(
                            choices=[
                                ("spelling", "spelling"),
                                ("grammar", "grammar"),
                                ("style", "style"),
                                ("coherence", "coherence"),
                                ("structure", "structure"),
                                ("fact_check", "fact check"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="kinds",
                    ),
                ),
                ("base_markdown", models.TextField(verbose_name="text when asked")),
                ("made", models.PositiveIntegerField(default=0, verbose_name="suggestions made")),
                ("dropped", models.PositiveIntegerField(default=0, verbose_name="suggestions dropped")),
            ],
            options={
                "verbose_name": "review by a model",
                "verbose_name_plural": "reviews by models",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("place", models.PositiveIntegerField(verbose_name="place in the book's history")),
                ("major", models.PositiveIntegerField(verbose_name="major number")),
                ("minor", models.PositiveIntegerField(verbose_name="minor number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("generated", "written"),
                            ("imported", "imported"),
                            ("published", "published"),
                            ("kept", "kept by hand"),
                            ("before", "before a large change"),
                            ("daily", "state of the day"),
                            ("restored", "restored"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=1000, verbose_name="message")),
                ("word_count", models.PositiveIntegerField(verbose_name="words")),
                ("chapter_count", models.PositiveIntegerField(verbose_name="chapters")),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ["-place"],
            },
        ),
        migrations.CreateModel(
            name="RevisionChapter",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("position", models.PositiveSmallIntegerField(verbose_name="number")),
                ("first_place", models.PositiveIntegerField(verbose_name="from revision")),
                ("last_place", models.PositiveIntegerField(blank=True, null=True, verbose_name="to revision")),
            ],
            options={
                "verbose_name": "chapter of a revision",
                "verbose_name_plural": "chapters of revisions",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="ShareLink",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("label", models.CharField(blank=True, max_length=100, verbose_name="for whom")),
                ("token", core.fields.EncryptedTextField(verbose_name="token")),
                ("password", models.CharField(blank=True, max_length=128, verbose_name="password, hashed")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
            ],
            options={
                "verbose_name": "share link",
                "verbose_name_plural": "share links",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spelling", "spelling"),
                            ("grammar", "grammar"),
                            ("style", "style"),
                            ("coherence", "coherence"),
                            ("structure", "structure"),
                            ("fact_check", "fact check"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("info", "info"),
                            ("warning", "warning"),
                            ("error", "error"),
                            ("critical", "critical"),
                        ],
                        default="info",
                        max_length=8,
                        verbose_name="severity",
                    ),
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
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "open"),
                            ("applied", "accepted"),
                            ("rejected", "rejected"),
                            ("ignored", "ignored"),
                        ],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decision", models.UUIDField(blank=True, null=True, verbose_name="decision")),
            ],
            options={
                "verbose_name": "suggestion",
                "verbose_name_plural": "suggestions",
                "ordering": ["start", "id"],
            },
        ),
        migrations.CreateModel(
            name="VisitCount",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("day", models.DateField(verbose_name="day")),
                ("visits", models.PositiveIntegerField(default=0, verbose_name="visits")),
                ("visitors", models.PositiveIntegerField(default=0, verbose_name="visitors")),
            ],
            options={
                "verbose_name": "visits of a day",
                "verbose_name_plural": "visits of days",
                "ordering": ["-day"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="chapter",
            name="chapter_position_once",
        ),
        migrations.RemoveConstraint(
            model_name="chapterversion",
            name="chapter_version_origin",
        ),
        migrations.RemoveConstraint(
            model_name="run",
            name="run_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_chapter_for_chapters",
        ),
        migrations.AddField(
            model_name="chapter",
            name="label_words",
            field=models.JSONField(blank=True, default=dict, verbose_name="words by origin"),
        ),
        migrations.AddField(
            model_name="chapter",
            name="labels",
            field=models.JSONField(blank=True, default=list, verbose_name="labels"),
        ),
        migrations.AddField(
            model_name="chapter",
            name="target_words",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="target in words"),
        ),
        migrations.AddField(
            model_name="chapter",
            name="trashed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="in the trash since"),
        ),
        migrations.AddField(
            model_name="chapter",
            name="version",
            field=models.PositiveIntegerField(default=1, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="chapterversion",
            name="chain_bytes",
            field=models.PositiveIntegerField(default=0, verbose_name="bytes since the last whole text"),
        ),
        migrations.AddField(
            model_name="chapterversion",
            name="is_whole",
            field=models.BooleanField(default=True, verbose_name="whole"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="chapterversion",
            name="payload",
            field=models.BinaryField(default=b"", verbose_name="text, packed"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="chapterversion",
            name="text_digest",
            field=models.CharField(default="", max_length=64, verbose_name="digest of the text"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="chapterversion",
            name="title",
            field=models.CharField(default="", max_length=150, verbose_name="title"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rewrite",
            name="end",
            field=models.PositiveIntegerField(default=0, verbose_name="to character"),
        ),
        migrations.AddField(
            model_name="rewrite",
            name="start",
            field=models.PositiveIntegerField(default=0, verbose_name="from character"),
        ),
        migrations.AddField(
            model_name="rewrite",
            name="task",
            field=models.CharField(
                choices=[
                    ("rewrite", "rewrite"),
                    ("shorten", "shorten"),
                    ("lengthen", "lengthen"),
                    ("translate", "translate"),
                ],
                default="rewrite",
                max_length=9,
                verbose_name="task",
            ),
        ),
        migrations.AlterField(
            model_name="chapterversion",
            name="origin",
            field=models.CharField(
                choices=[
                    ("written", "first text"),
                    ("edited", "edited"),
                    ("rewritten", "rewritten"),
                    ("corrected", "suggestions accepted"),
                    ("replaced", "found and replaced"),
                    ("arranged", "split or merged"),
                    ("merged", "two people’s changes merged"),
                    ("restored", "restored"),
                ],
                max_length=10,
                verbose_name="origin",
            ),
        ),
        migrations.AlterField(
            model_name="rewrite",
            name="instruction",
            field=models.CharField(blank=True, max_length=1000, verbose_name="instruction"),
        ),
        migrations.AlterField(
            model_name="run",
            name="kind",
            field=models.CharField(
                choices=[
                    ("book", "book"),
                    ("rewrite", "rewrite of a chapter"),
                    ("suggest", "suggestions for a chapter"),
                    ("chat", "chat"),
                ],
                default="book",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("outline", "outline"),
                    ("chapter", "chapter"),
                    ("finish", "back-cover text and contents"),
                    ("rewrite", "rewritten chapter"),
                    ("suggest", "suggestions"),
                    ("chat", "answer"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="chapterversion",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="version_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="chapterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "origin__in",
                        ["written", "edited", "rewritten", "corrected", "replaced", "arranged", "merged", "restored"],
                    )
                ),
                name="chapter_version_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewrite",
            constraint=models.CheckConstraint(
                condition=models.Q(("task__in", ["rewrite", "shorten", "lengthen", "translate"])),
                name="rewrite_task_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rewrite",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))), name="rewrite_passage"
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["book", "rewrite", "suggest", "chat"])), name="run_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["chapter", "rewrite", "suggest"]), ("chapter__isnull", True), _connector="OR"
                ),
                name="step_chapter_for_chapters",
            ),
        ),
        migrations.AddField(
            model_name="bookkey",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="collaborator",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="collaborators",
                to="books.book",
                verbose_name="book",
            ),
        ),
        migrations.AddField(
            model_name="collaborator",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="invited by",
            ),
        ),
        migrations.AddField(
            model_name="collaborator",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="collaborator",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collaborations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="comments",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="books.book", verbose_name="book"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="chapter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.chapter",
                verbose_name="chapter",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="resolved by",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="thread",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="books.comment",
                verbose_name="reply to",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.comment",
                verbose_name="comment",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
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
        migrations.AddField(
            model_name="picture",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pictures",
                to="books.book",
                verbose_name="book",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="picture",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="uploaded by",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="chapter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reviews",
                to="books.chapter",
                verbose_name="chapter",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="run",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="review", to="books.run", verbose_name="run"
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="revisions",
                to="books.book",
                verbose_name="book",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="revisionchapter",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="books.book", verbose_name="book"
            ),
        ),
        migrations.AddField(
            model_name="revisionchapter",
            name="chapter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.chapter",
                verbose_name="chapter",
            ),
        ),
        migrations.AddField(
            model_name="revisionchapter",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="revisionchapter",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.chapterversion",
                verbose_name="version",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="share_links",
                to="books.book",
                verbose_name="book",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="sharelink",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suggestions",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="books.book", verbose_name="book"
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="chapter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.chapter",
                verbose_name="chapter",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="suggestions",
                to="books.run",
                verbose_name="run",
            ),
        ),
        migrations.AddField(
            model_name="visitcount",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="books.book", verbose_name="book"
            ),
        ),
        migrations.AddField(
            model_name="visitcount",
            name="link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="books.sharelink",
                verbose_name="share link",
            ),
        ),
        migrations.AddField(
            model_name="visitcount",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddIndex(
            model_name="bookkey",
            index=models.Index(fields=["subject_id"], name="book_key_subject"),
        ),
        migrations.AddConstraint(
            model_name="bookkey",
            constraint=models.UniqueConstraint(fields=("kind", "key"), name="book_key_once"),
        ),
        migrations.AddConstraint(
            model_name="bookkey",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["collaborator", "share_link", "public_page"])), name="book_key_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="collaborator",
            index=models.Index(fields=["book", "state", "-id"], name="collaborator_list"),
        ),
        migrations.AddIndex(
            model_name="collaborator",
            index=models.Index(fields=["person", "state"], name="collaborator_grants"),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="collaborator_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "inactive"), _negated=True),
                fields=("book", "email"),
                name="collaborator_email_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "inactive"), _negated=True),
                fields=("book", "person"),
                name="collaborator_person_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="collaborator_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["viewer", "commenter", "editor", "admin"])), name="collaborator_role"
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "active", "inactive"])), name="collaborator_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="collaborator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "active"), _negated=True), ("person__isnull", False), _connector="OR"
                ),
                name="collaborator_active_is_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(fields=("comment", "person"), name="mention_once"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("thread__isnull", True)), fields=["book", "-id"], name="comment_list"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["chapter", "id"], name="comment_in_chapter"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["thread", "id"], name="comment_replies"),
        ),
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
            model_name="picture",
            index=models.Index(fields=["organization"], include=("size",), name="picture_bytes"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="picture_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("book", "digest"), name="picture_once"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("alt", ""), _negated=True), ("is_decorative", True), _connector="OR"),
                name="picture_described_or_decorative",
            ),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="revision_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("book", "place"), name="revision_place_once"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.UniqueConstraint(fields=("book", "major", "minor"), name="revision_number_once"),
        ),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["generated", "imported", "published", "kept", "before", "daily", "restored"])
                ),
                name="revision_kind_known",
            ),
        ),
        migrations.AddIndex(
            model_name="revisionchapter",
            index=models.Index(fields=["book", "first_place", "last_place"], name="revision_chapter_reach"),
        ),
        migrations.AddConstraint(
            model_name="revisionchapter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last_place__isnull", True)),
                fields=("book", "chapter"),
                name="revision_chapter_now",
            ),
        ),
        migrations.AddConstraint(
            model_name="revisionchapter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_place__isnull", True), ("last_place__gte", models.F("first_place")), _connector="OR"
                ),
                name="revision_chapter_reaches",
            ),
        ),
        migrations.AddIndex(
            model_name="sharelink",
            index=models.Index(fields=["book", "-id"], name="share_link_list"),
        ),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="share_link_in_organization"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["chapter", "state", "start", "id"], name="suggestion_in_chapter"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["book", "state", "-id"], name="suggestion_list"),
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
        migrations.AddConstraint(
            model_name="visitcount",
            constraint=models.UniqueConstraint(
                fields=("book", "link", "day"), name="visit_count_once", nulls_distinct=False
            ),
        ),
    ]

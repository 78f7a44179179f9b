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
            options={"verbose_name": "revision", "verbose_name_plural": "revisions", "ordering": ["-place"]},
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
        migrations.RemoveConstraint(model_name="chapter", name="chapter_position_once"),
        migrations.RemoveConstraint(model_name="chapterversion", name="chapter_version_origin"),
        migrations.RemoveConstraint(model_name="run", name="run_kind_known"),
        migrations.RemoveConstraint(model_name="step", name="step_chapter_for_chapters"),
        migrations.AddField(
            model_name="chapter",
            name="label_words",
            field=models.JSONField(blank=True, default=dict, verbose_name="words by origin"),
        ),
        migrations.AddField(
            model_name="chapter", name="labels", field=models.JSONField(blank=True, default=list, verbose_name="labels")
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
            model_name="chapter", name="version", field=models.PositiveIntegerField(default=1, verbose_name="version")
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
            model_name="rewrite", name="end", field=models.PositiveIntegerField(default=0, verbose_name="to character")
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
    ]

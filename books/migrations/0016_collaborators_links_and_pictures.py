import core.fields
import core.ids
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("books", "0015_comments_and_suggestions"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
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
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="share_links",
                        to="books.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
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
            ],
            options={"verbose_name": "share link", "verbose_name_plural": "share links", "ordering": ["-id"]},
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
                    "link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="books.sharelink",
                        verbose_name="share link",
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
            ],
            options={"verbose_name": "visits of a day", "verbose_name_plural": "visits of days", "ordering": ["-day"]},
        ),
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
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "key to a book",
                "verbose_name_plural": "keys to books",
                "indexes": [models.Index(fields=["subject_id"], name="book_key_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="book_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["collaborator", "share_link", "public_page"])),
                        name="book_key_kind",
                    ),
                ],
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
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collaborators",
                        to="books.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collaborations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "collaborator",
                "verbose_name_plural": "collaborators",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["book", "state", "-id"], name="collaborator_list"),
                    models.Index(fields=["person", "state"], name="collaborator_grants"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="collaborator_in_organization"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "inactive"), _negated=True),
                        fields=("book", "email"),
                        name="collaborator_email_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "inactive"), _negated=True),
                        fields=("book", "person"),
                        name="collaborator_person_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="collaborator_email_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "commenter", "editor", "admin"])),
                        name="collaborator_role",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "active", "inactive"])), name="collaborator_state"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True), ("person__isnull", False), _connector="OR"
                        ),
                        name="collaborator_active_is_somebody",
                    ),
                ],
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
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="books.book",
                        verbose_name="book",
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["organization"], include=("size",), name="picture_bytes")],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "id"), name="picture_in_organization"),
                    models.UniqueConstraint(fields=("book", "digest"), name="picture_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("alt", ""), _negated=True), ("is_decorative", True), _connector="OR"
                        ),
                        name="picture_described_or_decorative",
                    ),
                ],
            },
        ),
        migrations.AddIndex(model_name="sharelink", index=models.Index(fields=["book", "-id"], name="share_link_list")),
        migrations.AddConstraint(
            model_name="sharelink",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="share_link_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="visitcount",
            constraint=models.UniqueConstraint(
                fields=("book", "link", "day"), name="visit_count_once", nulls_distinct=False
            ),
        ),
    ]

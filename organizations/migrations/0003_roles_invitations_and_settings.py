import core.ids
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerSlug",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address")),
            ],
            options={
                "verbose_name": "former address",
                "verbose_name_plural": "former addresses",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "owner"), ("admin", "admin"), ("member", "member"), ("guest", "guest")],
                        default="member",
                        max_length=6,
                        verbose_name="role",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=500, verbose_name="message")),
                ("language", models.CharField(default="en", max_length=2, verbose_name="language")),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("sent_at", models.DateTimeField(verbose_name="last sent")),
                ("sendings", models.PositiveSmallIntegerField(default=1, verbose_name="sendings")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("declined_at", models.DateTimeField(blank=True, null=True, verbose_name="declined")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="InvitationKey",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("invitation_id", models.UUIDField(unique=True, verbose_name="invitation")),
                ("token_digest", models.CharField(max_length=64, unique=True, verbose_name="digest of the link")),
                ("email_digest", models.CharField(db_index=True, max_length=64, verbose_name="digest of the e-mail")),
            ],
            options={
                "verbose_name": "key of an invitation",
                "verbose_name_plural": "keys of invitations",
            },
        ),
        migrations.CreateModel(
            name="LimitWarning",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("meter", models.CharField(max_length=20, verbose_name="meter")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent")),
            ],
            options={
                "verbose_name": "limit warning",
                "verbose_name_plural": "limit warnings",
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="granted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name="also may"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suspended"),
        ),
        migrations.AddField(
            model_name="organization",
            name="accent",
            field=models.CharField(blank=True, max_length=7, verbose_name="colour on light ground"),
        ),
        migrations.AddField(
            model_name="organization",
            name="accent_dark",
            field=models.CharField(blank=True, max_length=7, verbose_name="colour on dark ground"),
        ),
        migrations.AddField(
            model_name="organization",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="closed"),
        ),
        migrations.AddField(
            model_name="organization",
            name="description",
            field=models.CharField(blank=True, max_length=500, verbose_name="description"),
        ),
        migrations.AddField(
            model_name="organization",
            name="erase_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="to be erased"),
        ),
        migrations.AddField(
            model_name="organization",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erased"),
        ),
        migrations.AddField(
            model_name="organization",
            name="language",
            field=models.CharField(default="en", max_length=2, verbose_name="language"),
        ),
        migrations.AddField(
            model_name="organization",
            name="logo",
            field=models.CharField(blank=True, max_length=100, verbose_name="logo"),
        ),
        migrations.AddField(
            model_name="organization",
            name="time_zone",
            field=models.CharField(default="Europe/Paris", max_length=64, verbose_name="time zone"),
        ),
        migrations.AddField(
            model_name="organization",
            name="typeface",
            field=models.CharField(
                choices=[("serif", "Serif"), ("sans", "Sans serif")],
                default="serif",
                max_length=5,
                verbose_name="typeface of headings",
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="website",
            field=models.CharField(
                blank=True,
                max_length=200,
                validators=[django.core.validators.URLValidator(["http", "https"])],
                verbose_name="website",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["organization", "id"], name="membership_list"),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(
                condition=models.Q(("erase_at__isnull", False), ("erased_at__isnull", True)),
                fields=["erase_at"],
                name="organization_to_erase",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("suspended_at__isnull", True), models.Q(("role", "owner"), _negated=True), _connector="OR"
                ),
                name="membership_owner_not_suspended",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("accent", ""), ("accent__regex", "^#[0-9a-f]{6}$"), _connector="OR"),
                name="organization_accent_color",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("accent_dark", ""), ("accent_dark__regex", "^#[0-9a-f]{6}$"), _connector="OR"),
                name="organization_accent_dark_color",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("typeface__in", ["serif", "sans"])), name="organization_typeface_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("erase_at__isnull", True)),
                    models.Q(("closed_at__isnull", False), ("erase_at__isnull", False)),
                    _connector="OR",
                ),
                name="organization_closing_has_an_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(("erased_at__isnull", True), ("closed_at__isnull", False), _connector="OR"),
                name="organization_erased_after_closing",
            ),
        ),
        migrations.AddField(
            model_name="formerslug",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_slugs",
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="accepted by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="invited_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="invited by",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="invitationkey",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddField(
            model_name="limitwarning",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                to="organizations.organization",
                verbose_name="organization",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["organization", "-id"], name="invitation_list"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="invitation_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True), ("declined_at__isnull", True), ("revoked_at__isnull", True)
                ),
                fields=("organization", "email"),
                name="invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="invitation_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["admin", "member", "guest"])), name="invitation_role_offered"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True),
                    models.Q(("declined_at__isnull", True), ("revoked_at__isnull", True)),
                    _connector="OR",
                ),
                name="invitation_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="limitwarning",
            constraint=models.UniqueConstraint(fields=("organization", "meter", "percent"), name="limit_warning_once"),
        ),
        migrations.AddConstraint(
            model_name="limitwarning",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__in", [80, 95])), name="limit_warning_percent_known"
            ),
        ),
    ]

import core.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("billing", "0008_ledger"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("checkout", "open a payment page"),
                            ("add_card", "open a page to add a card"),
                            ("portal", "open the provider’s page"),
                            ("preview", "reckon what a change costs"),
                            ("change", "change the plan"),
                            ("cancel", "cancel at the end of the period"),
                            ("resume", "go on after all"),
                            ("default_card", "pay with this card"),
                            ("remove_card", "remove a card"),
                            ("refund", "refund"),
                            ("end", "end a subscription at once"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("failed", "failed")],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("subject_id", models.UUIDField(blank=True, null=True, verbose_name="subject")),
                ("arguments", models.JSONField(blank=True, default=dict, verbose_name="arguments")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="result")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problem")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
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
            options={
                "verbose_name": "errand",
                "verbose_name_plural": "errands",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PlanGift",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("by_id", models.UUIDField(verbose_name="by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "plan given",
                "verbose_name_plural": "plans given",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("quantity", models.PositiveSmallIntegerField(default=1, verbose_name="quantity")),
                ("amount", models.PositiveBigIntegerField(verbose_name="amount (minor units)")),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("EUR", "euro"),
                            ("USD", "US dollar"),
                            ("XOF", "West African CFA franc"),
                            ("NGN", "naira"),
                            ("GHS", "cedi"),
                        ],
                        max_length=3,
                        verbose_name="currency",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "being prepared"),
                            ("open", "waiting for payment"),
                            ("paid", "paid"),
                            ("failed", "failed"),
                            ("abandoned", "not completed"),
                            ("review", "being checked by us"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                (
                    "provider_id",
                    models.CharField(blank=True, max_length=200, null=True, unique=True, verbose_name="checkout there"),
                ),
                ("url", models.CharField(blank=True, max_length=2000, verbose_name="where it is paid")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problem")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
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
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.price",
                        verbose_name="price",
                    ),
                ),
            ],
            options={
                "verbose_name": "purchase",
                "verbose_name_plural": "purchases",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("provider_id", models.CharField(max_length=100, verbose_name="subscription there")),
                ("item_id", models.CharField(blank=True, max_length=100, verbose_name="item there")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("incomplete", "first payment missing"),
                            ("trialing", "on trial"),
                            ("active", "active"),
                            ("past_due", "payment failed"),
                            ("unpaid", "unpaid"),
                            ("paused", "paused"),
                            ("canceled", "ended"),
                            ("incomplete_expired", "never paid"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("period_start", models.DateTimeField(blank=True, null=True, verbose_name="period from")),
                ("period_end", models.DateTimeField(blank=True, null=True, verbose_name="period to")),
                ("trial_end", models.DateTimeField(blank=True, null=True, verbose_name="trial until")),
                ("paid_until", models.DateTimeField(blank=True, null=True, verbose_name="paid until")),
                ("cancel_at_period_end", models.BooleanField(default=False, verbose_name="ends with the period")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("past_due_since", models.DateTimeField(blank=True, null=True, verbose_name="payment failed since")),
                ("reminders", models.PositiveSmallIntegerField(default=0, verbose_name="reminders sent")),
                ("is_surplus", models.BooleanField(default=False, verbose_name="one too many")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="last read there")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.price",
                        verbose_name="price",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.purchase",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="errand",
            index=models.Index(fields=["organization", "subject_id", "-id"], name="errand_subject"),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "checkout",
                            "add_card",
                            "portal",
                            "preview",
                            "change",
                            "cancel",
                            "resume",
                            "default_card",
                            "remove_card",
                            "refund",
                            "end",
                        ],
                    )
                ),
                name="errand_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="errand",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "done", "failed"])), name="errand_state_known"
            ),
        ),
        migrations.AddIndex(
            model_name="plangift",
            index=models.Index(condition=models.Q(("ended_at__isnull", True)), fields=["until"], name="plan_gift_open"),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["organization", "-id"], name="purchase_list"),
        ),
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(
                condition=models.Q(("state__in", ["preparing", "open"])),
                fields=["created_at"],
                name="purchase_unsettled",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="purchase_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["preparing", "open", "paid", "failed", "abandoned", "review"])),
                name="purchase_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(condition=models.Q(("quantity__gte", 1)), name="purchase_of_something"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["organization", "-id"], name="subscription_list"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["read_at"], name="subscription_to_sweep"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="subscription_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("provider", "livemode", "provider_id"), name="subscription_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_surplus", False), ("state__in", ["trialing", "active", "past_due", "unpaid", "paused"])
                ),
                fields=("organization",),
                name="subscription_one_current",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "incomplete",
                            "trialing",
                            "active",
                            "past_due",
                            "unpaid",
                            "paused",
                            "canceled",
                            "incomplete_expired",
                        ],
                    )
                ),
                name="subscription_state_known",
            ),
        ),
    ]

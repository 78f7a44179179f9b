import core.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("billing", "0009_orders_and_subscriptions"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderEventBody",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("body", models.BinaryField(verbose_name="body")),
                ("headers", models.JSONField(blank=True, default=dict, verbose_name="headers")),
            ],
            options={
                "verbose_name": "body of a provider event",
                "verbose_name_plural": "bodies of provider events",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("provider_id", models.CharField(max_length=100, verbose_name="payment there")),
                ("invoice_id", models.CharField(blank=True, max_length=100, verbose_name="invoice there")),
                (
                    "state",
                    models.CharField(
                        choices=[("succeeded", "paid"), ("failed", "failed")], max_length=10, verbose_name="state"
                    ),
                ),
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
                ("refunded", models.PositiveBigIntegerField(default=0, verbose_name="paid back (minor units)")),
                (
                    "dispute_state",
                    models.CharField(
                        blank=True,
                        choices=[("open", "open"), ("won", "won"), ("lost", "lost")],
                        max_length=5,
                        verbose_name="dispute",
                    ),
                ),
                ("failure_code", models.CharField(blank=True, max_length=60, verbose_name="why it failed")),
                ("card", models.CharField(blank=True, max_length=40, verbose_name="card")),
                ("paid_at", models.DateTimeField(blank=True, null=True, verbose_name="paid")),
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
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider_id", models.CharField(max_length=100, verbose_name="dispute there")),
                ("amount", models.PositiveBigIntegerField(verbose_name="amount (minor units)")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("won", "won"), ("lost", "lost")],
                        default="open",
                        max_length=5,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60, verbose_name="reason")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="billing.payment",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ProviderEvent",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("account", models.CharField(blank=True, max_length=100, verbose_name="account")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("event_id", models.CharField(max_length=200, verbose_name="event there")),
                ("type", models.CharField(max_length=100, verbose_name="type")),
                ("object_type", models.CharField(blank=True, max_length=60, verbose_name="object")),
                ("object_id", models.CharField(blank=True, max_length=200, verbose_name="object’s id")),
                ("customer_id", models.CharField(blank=True, max_length=100, verbose_name="customer there")),
                ("api_version", models.CharField(blank=True, max_length=40, verbose_name="API version")),
                ("happened_at", models.DateTimeField(verbose_name="happened")),
                ("organization_id", models.UUIDField(blank=True, null=True, verbose_name="organization")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "to be applied"),
                            ("applied", "applied"),
                            ("ignored", "not ours"),
                            ("refused", "refused"),
                            ("failed", "failing"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("problem", models.CharField(blank=True, max_length=300, verbose_name="problem")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="applied")),
            ],
            options={
                "verbose_name": "provider event",
                "verbose_name_plural": "provider events",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "-created_at"], name="provider_event_inbox"),
                    models.Index(fields=["-created_at"], name="provider_event_list"),
                    models.Index(fields=["object_id"], name="provider_event_object"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "account", "livemode", "event_id"), name="provider_event_known_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "applied", "ignored", "refused", "failed"])),
                        name="provider_event_state_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="purchase",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="billing.purchase",
            ),
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider_id", models.CharField(max_length=100, verbose_name="refund there")),
                ("amount", models.PositiveBigIntegerField(verbose_name="amount (minor units)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "on its way"),
                            ("succeeded", "paid back"),
                            ("failed", "failed"),
                            ("canceled", "cancelled"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("by_id", models.UUIDField(blank=True, null=True, verbose_name="by")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="billing.payment",
                        verbose_name="payment",
                    ),
                ),
            ],
            options={
                "verbose_name": "refund",
                "verbose_name_plural": "refunds",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="payment",
            name="subscription",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="billing.subscription",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.UniqueConstraint(fields=("payment", "provider_id"), name="dispute_known_once"),
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "won", "lost"])), name="dispute_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(fields=("payment", "provider_id"), name="refund_known_once"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gte", 1)), name="refund_of_something"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "succeeded", "failed", "canceled"])),
                name="refund_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["organization", "-id"], name="payment_list"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["paid_at"], name="payment_by_day"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="payment_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                fields=("provider", "livemode", "provider_id"), name="payment_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunded__lte", models.F("amount"))), name="payment_refunded_within"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["succeeded", "failed"])), name="payment_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dispute_state", ""), ("dispute_state__in", ["open", "won", "lost"]), _connector="OR"
                ),
                name="payment_dispute_known",
            ),
        ),
    ]

import core.ids
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("billing", "0007_catalogue"),
        ("organizations", "0005_members_by_role"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("provider_id", models.CharField(max_length=100, verbose_name="customer there")),
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
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("purchase", "purchase"),
                            ("subscription", "subscription"),
                            ("bonus", "gift"),
                            ("reserve", "reserved"),
                            ("settle", "delivered"),
                            ("release", "given back"),
                            ("refund", "refund"),
                            ("dispute", "dispute"),
                            ("expiry", "expired"),
                            ("adjustment", "adjustment"),
                            ("debt", "debt paid"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("reference", models.CharField(max_length=200, unique=True, verbose_name="reference")),
                ("subject_type", models.CharField(blank=True, max_length=40, verbose_name="subject")),
                ("subject_id", models.UUIDField(blank=True, null=True, verbose_name="subject’s id")),
                ("by_id", models.UUIDField(blank=True, null=True, verbose_name="by")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
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
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger entries",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="CreditLot",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("granted", models.BigIntegerField(verbose_name="granted")),
                ("available", models.BigIntegerField(verbose_name="available")),
                ("reserved", models.BigIntegerField(default=0, verbose_name="reserved")),
                ("withdrawn", models.BigIntegerField(default=0, verbose_name="taken back")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organizations.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lot",
                        to="billing.ledgerentry",
                        verbose_name="entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "lot of credits",
                "verbose_name_plural": "lots of credits",
            },
        ),
        migrations.CreateModel(
            name="LedgerLine",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("available", "available"),
                            ("reserved", "reserved"),
                            ("debt", "owed"),
                            ("issued", "issued"),
                            ("spent", "spent"),
                            ("expired", "expired"),
                            ("cash", "at the provider"),
                            ("sales", "sales"),
                        ],
                        max_length=10,
                        verbose_name="account",
                    ),
                ),
                ("unit", models.CharField(max_length=6, verbose_name="unit")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.ledgerentry",
                        verbose_name="entry",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="billing.creditlot",
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
                "verbose_name": "ledger line",
                "verbose_name_plural": "ledger lines",
            },
        ),
        migrations.CreateModel(
            name="SavedCard",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider_id", models.CharField(max_length=100, verbose_name="card there")),
                ("brand", models.CharField(max_length=30, verbose_name="brand")),
                ("last4", models.CharField(max_length=4, verbose_name="last four digits")),
                ("exp_month", models.PositiveSmallIntegerField(verbose_name="month")),
                ("exp_year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("is_default", models.BooleanField(default=False, verbose_name="default")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="removed")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="billing.customer",
                        verbose_name="customer",
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
                "verbose_name": "card",
                "verbose_name_plural": "cards",
                "ordering": ["-is_default", "id"],
            },
        ),
        migrations.CreateModel(
            name="CreditAccount",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("available", models.BigIntegerField(default=0, verbose_name="available")),
                ("reserved", models.BigIntegerField(default=0, verbose_name="reserved")),
                ("debt", models.BigIntegerField(default=0, verbose_name="owed")),
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
                "verbose_name": "credit account",
                "verbose_name_plural": "credit accounts",
                "constraints": [
                    models.UniqueConstraint(fields=("organization",), name="credit_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("available__gte", 0)), name="credit_available_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0)), name="credit_reserved_not_negative"
                    ),
                    models.CheckConstraint(condition=models.Q(("debt__gte", 0)), name="credit_debt_not_negative"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                fields=("provider", "livemode", "provider_id"), name="customer_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(fields=("organization", "provider", "livemode"), name="customer_once"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["organization", "-id"], name="ledger_entry_list"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["organization", "subject_id", "id"], name="ledger_entry_subject"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="ledger_entry_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "purchase",
                            "subscription",
                            "bonus",
                            "reserve",
                            "settle",
                            "release",
                            "refund",
                            "dispute",
                            "expiry",
                            "adjustment",
                            "debt",
                        ],
                    )
                ),
                name="ledger_entry_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "adjustment"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("by_id__isnull", False)),
                    _connector="OR",
                ),
                name="ledger_adjustment_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="creditlot",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("expires_at"), nulls_last=True),
                models.F("id"),
                condition=models.Q(("available__gt", 0)),
                name="credit_lot_spending",
            ),
        ),
        migrations.AddIndex(
            model_name="creditlot",
            index=models.Index(
                condition=models.Q(("available__gt", 0), ("expires_at__isnull", False)),
                fields=["expires_at"],
                name="credit_lot_expiring",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditlot",
            constraint=models.UniqueConstraint(fields=("organization", "id"), name="credit_lot_in_organization"),
        ),
        migrations.AddConstraint(
            model_name="creditlot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("available__gte", 0), ("granted__gt", 0), ("reserved__gte", 0), ("withdrawn__gte", 0)
                ),
                name="credit_lot_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditlot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "granted__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("available"), "+", models.F("reserved")
                        ),
                    ),
                    ("granted__gte", models.F("withdrawn")),
                ),
                name="credit_lot_within_grant",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="ledger_line_not_nothing"
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("account__in", ["available", "reserved", "debt", "issued", "spent", "expired", "cash", "sales"])
                ),
                name="ledger_line_account_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unit", "credit"), models.Q(("account__in", ["cash", "sales"]), _negated=True)),
                    models.Q(
                        models.Q(("unit", "credit"), _negated=True),
                        ("account__in", ["cash", "sales"]),
                        ("lot__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ledger_line_unit_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.UniqueConstraint(fields=("customer", "provider_id"), name="saved_card_once"),
        ),
        migrations.AddConstraint(
            model_name="savedcard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("removed_at__isnull", True)),
                fields=("customer",),
                name="saved_card_one_default",
            ),
        ),
    ]

import core.ids
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_third_tariff"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_fr", models.CharField(max_length=60, verbose_name="name in French")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("description_fr", models.CharField(blank=True, max_length=300, verbose_name="description in French")),
                ("on_sale", models.BooleanField(default=True, verbose_name="on sale")),
                ("rank", models.PositiveSmallIntegerField(unique=True, verbose_name="rank")),
                ("members", models.PositiveIntegerField(blank=True, null=True, verbose_name="members")),
                ("books", models.PositiveIntegerField(blank=True, null=True, verbose_name="books")),
                ("books_a_month", models.PositiveIntegerField(blank=True, null=True, verbose_name="books a month")),
                (
                    "storage_bytes",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="storage (bytes)"),
                ),
                (
                    "api_requests_an_hour",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="API requests an hour"),
                ),
                (
                    "generations_a_month",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="personalized generations a month"),
                ),
                ("credits_a_month", models.PositiveIntegerField(default=0, verbose_name="credits a month")),
                ("credits_once", models.PositiveIntegerField(default=0, verbose_name="credits, once a person")),
            ],
            options={
                "verbose_name": "plan",
                "verbose_name_plural": "plans",
                "ordering": ["rank"],
            },
        ),
        migrations.CreateModel(
            name="CreditPack",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_fr", models.CharField(max_length=60, verbose_name="name in French")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("description_fr", models.CharField(blank=True, max_length=300, verbose_name="description in French")),
                ("on_sale", models.BooleanField(default=True, verbose_name="on sale")),
                ("credits", models.PositiveIntegerField(verbose_name="credits")),
            ],
            options={
                "verbose_name": "pack of credits",
                "verbose_name_plural": "packs of credits",
                "ordering": ["credits"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("credits__gte", 1)), name="credit_pack_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
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
                    "interval",
                    models.CharField(
                        choices=[("month", "a month"), ("year", "a year"), ("once", "once")],
                        max_length=5,
                        verbose_name="interval",
                    ),
                ),
                ("amount", models.PositiveBigIntegerField(verbose_name="amount (minor units)")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("trial_days", models.PositiveSmallIntegerField(default=0, verbose_name="trial (days)")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired")),
                (
                    "pack",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="billing.creditpack",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="billing.plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "ordering": ["plan__rank", "pack", "service", "currency", "interval", "-version"],
            },
        ),
        migrations.CreateModel(
            name="PageTier",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("first_page", models.PositiveIntegerField(verbose_name="from page")),
                ("last_page", models.PositiveIntegerField(verbose_name="to page")),
                ("amount", models.PositiveBigIntegerField(verbose_name="a page (minor units)")),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tiers",
                        to="billing.price",
                        verbose_name="price",
                    ),
                ),
            ],
            options={
                "verbose_name": "tier",
                "verbose_name_plural": "tiers",
                "ordering": ["first_page"],
            },
        ),
        migrations.CreateModel(
            name="ProviderPrice",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("provider", models.CharField(max_length=10, verbose_name="provider")),
                ("livemode", models.BooleanField(verbose_name="live")),
                ("product_id", models.CharField(max_length=100, verbose_name="product there")),
                ("provider_id", models.CharField(max_length=100, verbose_name="price there")),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="archived")),
                (
                    "synced_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="synced"),
                ),
                (
                    "price",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mirrors",
                        to="billing.price",
                        verbose_name="price",
                    ),
                ),
            ],
            options={
                "verbose_name": "price at a provider",
                "verbose_name_plural": "prices at providers",
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_fr", models.CharField(max_length=60, verbose_name="name in French")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("description_fr", models.CharField(blank=True, max_length=300, verbose_name="description in French")),
                ("on_sale", models.BooleanField(default=True, verbose_name="on sale")),
                (
                    "kind",
                    models.CharField(
                        choices=[("flat", "one price"), ("by_page", "by the page")],
                        default="flat",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("on_request", models.BooleanField(default=False, verbose_name="on request")),
                ("rank", models.PositiveSmallIntegerField(default=0, verbose_name="rank")),
                ("days_min", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days, at least")),
                ("days_max", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days, at most")),
                ("rush_hours", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rush (hours)")),
                ("rush_percent", models.PositiveSmallIntegerField(default=0, verbose_name="rush (per cent more)")),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["rank", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["flat", "by_page"])), name="service_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("days_max__isnull", True), ("days_min__isnull", True)),
                            ("days_min__lte", models.F("days_max")),
                            _connector="OR",
                        ),
                        name="service_days_in_order",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="price",
            name="service",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prices",
                to="billing.service",
            ),
        ),
        migrations.CreateModel(
            name="ServiceDelay",
            fields=[
                ("id", models.UUIDField(default=core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                ("up_to_pages", models.PositiveIntegerField(verbose_name="up to (pages)")),
                ("days_min", models.PositiveSmallIntegerField(verbose_name="days, at least")),
                ("days_max", models.PositiveSmallIntegerField(verbose_name="days, at most")),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delays",
                        to="billing.service",
                        verbose_name="service",
                    ),
                ),
            ],
            options={
                "verbose_name": "delay",
                "verbose_name_plural": "delays",
                "ordering": ["up_to_pages"],
            },
        ),
        migrations.AddConstraint(
            model_name="pagetier",
            constraint=models.UniqueConstraint(fields=("price", "first_page"), name="page_tier_once"),
        ),
        migrations.AddConstraint(
            model_name="pagetier",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_page__gte", 1), ("last_page__gte", models.F("first_page"))),
                name="page_tier_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="providerprice",
            constraint=models.UniqueConstraint(fields=("provider", "livemode", "price"), name="provider_price_once"),
        ),
        migrations.AddConstraint(
            model_name="providerprice",
            constraint=models.UniqueConstraint(
                fields=("provider", "livemode", "provider_id"), name="provider_price_known_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pack__isnull", True), ("plan__isnull", False), ("service__isnull", True)),
                    models.Q(("pack__isnull", False), ("plan__isnull", True), ("service__isnull", True)),
                    models.Q(("pack__isnull", True), ("plan__isnull", True), ("service__isnull", False)),
                    _connector="OR",
                ),
                name="price_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interval__in", ["month", "year"]), ("plan__isnull", False)),
                    models.Q(("interval", "once"), ("plan__isnull", True), ("trial_days", 0)),
                    _connector="OR",
                ),
                name="price_interval_fits",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__in", ["EUR", "USD", "XOF", "NGN", "GHS"])), name="price_currency_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("plan", "currency", "interval"),
                name="price_current_of_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("pack", "currency", "interval"),
                name="price_current_of_pack",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("service", "currency", "interval"),
                name="price_current_of_service",
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("plan", "currency", "interval", "version"), name="price_version_of_plan"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("pack", "currency", "interval", "version"), name="price_version_of_pack"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("service", "currency", "interval", "version"), name="price_version_of_service"
            ),
        ),
        migrations.AddConstraint(
            model_name="servicedelay",
            constraint=models.UniqueConstraint(fields=("service", "up_to_pages"), name="service_delay_once"),
        ),
        migrations.AddConstraint(
            model_name="servicedelay",
            constraint=models.CheckConstraint(
                condition=models.Q(("days_min__lte", models.F("days_max"))), name="service_delay_in_order"
            ),
        ),
    ]

from datetime import UTC, datetime

from django.db import migrations

# The second tariff and two acts more: credits and the units each started one buys.
PRICES = {
    "outline": (1, 1),
    "words": (1, 1000),
    "rewrite": (1, 1000),
    "translate": (1, 1000),
    "suggest": (1, 1000),
    "idea": (1, 5),
    "chat": (1, 5),
    "article": (2, 1),
    "image": (1, 1),
    "personalized": (1, 1),
}


def make(apps, schema_editor):
    tariff = apps.get_model("billing", "Tariff").objects.create(
        version=3, in_force_from=datetime(2026, 11, 20, tzinfo=UTC)
    )
    price = apps.get_model("billing", "CreditPrice")
    for act, (amount, per) in PRICES.items():
        price.objects.create(tariff=tariff, act=act, credits=amount, per=per)


def remove(apps, schema_editor):
    apps.get_model("billing", "Tariff").objects.filter(version=3).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_translating_and_suggesting")]
    operations = [migrations.RunPython(make, remove)]

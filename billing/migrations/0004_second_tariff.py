from datetime import UTC, datetime

from django.db import migrations

# Credits and the units each started one buys: rulings 31, product.md "Writing with AI".
PRICES = {
    "outline": (1, 1),
    "words": (1, 1000),
    "rewrite": (1, 1000),
    "idea": (1, 5),
    "chat": (1, 5),
    "article": (2, 1),
    "image": (1, 1),
    "personalized": (1, 1),
}


def make(apps, schema_editor):
    tariff = apps.get_model("billing", "Tariff").objects.create(
        version=2, in_force_from=datetime(2026, 11, 1, tzinfo=UTC)
    )
    price = apps.get_model("billing", "CreditPrice")
    for act, (amount, per) in PRICES.items():
        price.objects.create(tariff=tariff, act=act, credits=amount, per=per)


def remove(apps, schema_editor):
    apps.get_model("billing", "Tariff").objects.filter(version=2).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_more_acts")]
    operations = [migrations.RunPython(make, remove)]

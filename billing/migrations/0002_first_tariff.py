from datetime import UTC, datetime

from django.db import migrations


def make(apps, schema_editor):
    tariff = apps.get_model("billing", "Tariff").objects.create(
        version=1, in_force_from=datetime(2026, 1, 1, tzinfo=UTC)
    )
    price = apps.get_model("billing", "CreditPrice")
    price.objects.create(tariff=tariff, act="outline", credits=1, per=1)
    price.objects.create(tariff=tariff, act="words", credits=1, per=1000)


def remove(apps, schema_editor):
    apps.get_model("billing", "Tariff").objects.filter(version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]

from django.db import migrations

TENANT = "SELECT set_config('app.organization', %s, true)"


def give(apps, schema_editor):
    """Personal organizations from before the ledger begin with the free plan's credits too."""
    model = {
        name: apps.get_model("billing", name) for name in ("CreditAccount", "CreditLot", "LedgerEntry", "LedgerLine")
    }
    once = apps.get_model("billing", "Plan").objects.filter(code="FREE").values_list("credits_once", flat=True).first()
    personal = apps.get_model("organizations", "Organization").objects.filter(personal_of__isnull=False)
    for organization, person in personal.filter(erased_at__isnull=True).values_list("pk", "personal_of"):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(TENANT, [str(organization)])
        whose = {"organization_id": organization}
        if not once or model["CreditAccount"].objects.filter(**whose).exists():
            continue
        model["CreditAccount"].objects.create(**whose, available=once)
        entry = model["LedgerEntry"].objects.create(
            **whose, kind="bonus", reference=f"free:{person}", subject_type="person", subject_id=person
        )
        lot = model["CreditLot"].objects.create(**whose, entry=entry, granted=once, available=once)
        line = {**whose, "entry": entry, "unit": "credit"}
        model["LedgerLine"].objects.create(**line, account="issued", amount=-once)
        model["LedgerLine"].objects.create(**line, account="available", amount=once, lot=lot)


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0016_usage_by_change"),
        ("organizations", "0005_members_by_role"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]

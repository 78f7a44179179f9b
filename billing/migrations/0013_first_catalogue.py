from django.db import migrations

GB = 10**9
# code, French name, members, books, books a month, storage, API requests an hour, generations a month,
# credits a month, credits once.
PLANS = [
    ("FREE", "Gratuit", 1, 10, 5, GB, 100, 100, 0, 30),
    ("STARTER", "Starter", 5, 100, 20, 10 * GB, 1_000, 500, 120, 0),
    ("PRO", "Pro", 25, None, 100, 100 * GB, 5_000, 5_000, 400, 0),
    ("ENTERPRISE", "Entreprise", None, None, None, 1_000 * GB, 20_000, None, 2_000, 0),
    ("CUSTOM", "Sur mesure", None, None, None, None, None, None, 0, 0),
]
NAMES = {"FREE": "Free", "STARTER": "Starter", "PRO": "Pro", "ENTERPRISE": "Enterprise", "CUSTOM": "Custom"}
WORDS = {
    "FREE": ("To begin a first book.", "Pour commencer un premier livre."),
    "STARTER": ("For an author or a small studio.", "Pour un auteur ou un petit studio."),
    "PRO": ("For a publisher with a list to keep up.", "Pour un éditeur et son catalogue."),
    "ENTERPRISE": ("For houses that write every day.", "Pour les maisons qui écrivent chaque jour."),
    "CUSTOM": ("Agreed upon with us.", "Convenu avec nous."),
}
# A month, in minor units; a year costs 20 per cent less.
MONTHLY = {
    "STARTER": {"EUR": 1_900, "USD": 2_100, "XOF": 15_000, "NGN": 3_000_000, "GHS": 24_000},
    "PRO": {"EUR": 4_900, "USD": 5_400, "XOF": 35_000, "NGN": 8_000_000, "GHS": 62_000},
    "ENTERPRISE": {"EUR": 19_900, "USD": 21_900, "XOF": 130_000, "NGN": 32_000_000, "GHS": 250_000},
}
PACK = {"EUR": 900, "USD": 1_000, "XOF": 5_000, "NGN": 1_400_000, "GHS": 11_000}
SERVICES = [
    ("kdp", "Pack KDP", "Pack KDP", "flat", 35_000, False, 5, 7),
    ("integral", "Pack Intégral", "Pack Intégral", "by_page", 0, False, 10, 15),
    ("redaction", "Pack Rédaction", "Pack Rédaction", "flat", 145_000, True, 21, 42),
]
SERVICE_WORDS = {
    "kdp": ("Your manuscript made ready for Amazon KDP.", "Votre manuscrit prêt pour Amazon KDP."),
    "integral": ("Full correction, priced by the page.", "Correction complète, au tarif à la page."),
    "redaction": ("Your book written with you.", "Votre livre écrit avec vous."),
}
TIERS = [(1, 10, 0), (11, 300, 200), (301, 1_000, 100)]
DELAYS = [(50, 7, 8), (150, 10, 12), (300, 12, 15), (1_000, 15, 20)]


def make(apps, schema_editor):
    model = {name: apps.get_model("billing", name) for name in ("Plan", "CreditPack", "Service", "Price")}
    for rank, row in enumerate(PLANS):
        code, name_fr, members, books, a_month, storage, requests, generations, monthly, once = row
        plan = model["Plan"].objects.create(
            code=code,
            name=NAMES[code],
            name_fr=name_fr,
            rank=rank,
            members=members,
            books=books,
            description=WORDS[code][0],
            description_fr=WORDS[code][1],
            books_a_month=a_month,
            storage_bytes=storage,
            api_requests_an_hour=requests,
            generations_a_month=generations,
            credits_a_month=monthly,
            credits_once=once,
            on_sale=code != "CUSTOM",
        )
        for currency, amount in MONTHLY.get(code, {}).items():
            model["Price"].objects.create(plan=plan, currency=currency, interval="month", amount=amount)
            yearly = amount * 12 * 80 // 100
            model["Price"].objects.create(plan=plan, currency=currency, interval="year", amount=yearly)
    pack = model["CreditPack"].objects.create(code="credits-50", name="50 credits", name_fr="50 crédits", credits=50)
    for currency, amount in PACK.items():
        model["Price"].objects.create(pack=pack, currency=currency, interval="once", amount=amount)
    for rank, (code, name, name_fr, kind, amount, on_request, least, most) in enumerate(SERVICES):
        service = model["Service"].objects.create(
            code=code,
            name=name,
            name_fr=name_fr,
            kind=kind,
            on_request=on_request,
            rank=rank,
            description=SERVICE_WORDS[code][0],
            description_fr=SERVICE_WORDS[code][1],
            days_min=least,
            days_max=most,
        )
        price = model["Price"].objects.create(service=service, currency="EUR", interval="once", amount=amount)
        if kind == "by_page":
            by_the_page(apps, service, price)


def by_the_page(apps, service, price):
    service.rush_hours, service.rush_percent = 48, 50
    service.save()
    for first, last, amount in TIERS:
        apps.get_model("billing", "PageTier").objects.create(
            price=price, first_page=first, last_page=last, amount=amount
        )
    for pages, least, most in DELAYS:
        apps.get_model("billing", "ServiceDelay").objects.create(
            service=service, up_to_pages=pages, days_min=least, days_max=most
        )


def remove(apps, schema_editor):
    for name in ("PageTier", "ServiceDelay", "Price", "Plan", "CreditPack", "Service"):
        apps.get_model("billing", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_guards")]
    operations = [migrations.RunPython(make, remove)]

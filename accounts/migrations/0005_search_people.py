from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from django.db.models.functions import Concat, LTrim

FOLD = (
    "LEFT(REPLACE(REPLACE(NORMALIZE(REGEXP_REPLACE(NORMALIZE(LOWER(%(expressions)s), NFD),"
    " '[\\u0300-\\u036f]', '', 'g'), NFC), 'œ', 'oe'), 'æ', 'ae'), 600)"
)
CALLED = models.Func(
    LTrim(Concat("display_name", models.Value(" "), "email", output_field=models.TextField())),
    template=FOLD,
    output_field=models.TextField(),
)


class Migration(migrations.Migration):
    """People have no row level security: a trigram index works among them, and their order by name is read from one."""

    dependencies = [("accounts", "0004_profile_privacy_beta_and_staff")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="user", index=GinIndex(OpClass(CALLED, name="gin_trgm_ops"), name="person_search")
        ),
        migrations.AddIndex(model_name="user", index=models.Index(CALLED, models.F("id"), name="person_by_name")),
    ]

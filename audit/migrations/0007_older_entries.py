from django.db import migrations

DIGESTS = """
UPDATE audit_entry SET salt = uuid_send(gen_random_uuid()) WHERE digest IS NULL;
UPDATE audit_entry e SET personal_digest = audit_personal_digest(e) WHERE digest IS NULL;
UPDATE audit_entry e SET digest = audit_digest(e) WHERE digest IS NULL;
"""


class Migration(migrations.Migration):
    """Digests for what was written before there was a chain; audit_link() links them, oldest first."""

    dependencies = [("audit", "0006_chained")]
    operations = [migrations.RunSQL(DIGESTS, migrations.RunSQL.noop)]

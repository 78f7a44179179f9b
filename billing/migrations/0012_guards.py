from django.db import migrations

from core import rls

TABLES = [
    "billing_creditaccount",
    "billing_ledgerentry",
    "billing_creditlot",
    "billing_ledgerline",
    "billing_savedcard",
    "billing_purchase",
    "billing_errand",
    "billing_subscription",
    "billing_plangift",
    "billing_payment",
    "billing_refund",
    "billing_dispute",
    "billing_usagerecord",
    "billing_usageday",
]
PARENTS = [
    ("billing_creditlot", "entry_id", "billing_ledgerentry"),
    ("billing_ledgerline", "entry_id", "billing_ledgerentry"),
    ("billing_ledgerline", "lot_id", "billing_creditlot"),
    ("billing_subscription", "purchase_id", "billing_purchase"),
    ("billing_payment", "purchase_id", "billing_purchase"),
    ("billing_payment", "subscription_id", "billing_subscription"),
    ("billing_refund", "payment_id", "billing_payment"),
    ("billing_dispute", "payment_id", "billing_payment"),
]
# Runs at commit, when the organization may not be declared any more: the line itself says whose it is.
BALANCED = """
CREATE FUNCTION billing_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := current_setting('app.organization', true);
    unbalanced boolean;
BEGIN
    PERFORM set_config('app.organization', NEW.organization_id::text, true);
    SELECT EXISTS (
        SELECT 1 FROM billing_ledgerline WHERE entry_id = NEW.entry_id GROUP BY unit HAVING sum(amount) <> 0
    ) INTO unbalanced;
    PERFORM set_config('app.organization', coalesce(before, ''), true);
    IF unbalanced THEN
        RAISE EXCEPTION 'ledger entry % does not add up', NEW.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced', TABLE = 'billing_ledgerline';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON billing_ledgerline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_entry_balanced();
"""
UNBALANCED = """
DROP TRIGGER ledger_entry_balanced ON billing_ledgerline;
DROP FUNCTION billing_entry_balanced();
"""
# Receipt writes a body without reading; only the system role sees one.
WRITE_ONLY = "REVOKE SELECT, UPDATE, DELETE, TRUNCATE ON billing_providereventbody FROM scriptorium_web;"
READABLE = "GRANT SELECT, UPDATE, DELETE ON billing_providereventbody TO scriptorium_web;"


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_usage"), ("core", "0002_grants")]
    operations = [
        *[rls.row_level_security(table) for table in TABLES],
        *[rls.same_organization(*parent) for parent in PARENTS],
        rls.append_only("billing_ledgerentry"),
        rls.append_only("billing_ledgerline"),
        migrations.RunSQL(BALANCED, UNBALANCED),
        migrations.RunSQL(WRITE_ONLY, READABLE),
    ]

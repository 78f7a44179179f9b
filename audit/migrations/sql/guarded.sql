-- What 0001 and 0002 had said of the table, which is a new one now.
ALTER TABLE audit_entry ADD PRIMARY KEY (id);
CREATE INDEX audit_organization ON audit_entry (organization_id, id DESC);
CREATE INDEX audit_target ON audit_entry (target_id, id DESC);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_entry_tenant ON audit_entry FOR SELECT
    USING (organization_id = current_setting('app.organization')::uuid);
CREATE POLICY audit_entry_write ON audit_entry FOR INSERT WITH CHECK (
    organization_id IS NULL OR organization_id = NULLIF(current_setting('app.organization', true), '')::uuid
);
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM scriptorium_web, scriptorium_system;

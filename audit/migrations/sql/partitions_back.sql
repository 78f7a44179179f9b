CREATE TABLE audit_entry_plain (LIKE audit_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO audit_entry_plain SELECT * FROM audit_entry;
DROP TABLE audit_entry;
ALTER TABLE audit_entry_plain RENAME TO audit_entry;
DROP FUNCTION audit_open_quarters(), audit_open_quarter(date), audit_first_id(timestamptz);

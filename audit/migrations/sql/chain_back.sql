DROP TRIGGER audit_chain_entry ON audit_entry;
DROP FUNCTION audit_forget_organization(uuid), audit_forget_email(text), audit_forget(uuid), audit_link(boolean), audit_chain_entry(),
    audit_chain_of(uuid), audit_hash(bytea, bigint, bytea), audit_digest(audit_entry), audit_facts(audit_entry),
    audit_personal_digest(audit_entry);

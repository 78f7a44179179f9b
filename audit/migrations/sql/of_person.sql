-- The newest entries by a person and the newest on them, from an index each, whatever organization they are of: what no
-- declared organization could show, and nobody else's. `e.` everywhere: the columns of RETURNS TABLE have the same names.
CREATE FUNCTION audit_of_person(person uuid, older_than uuid, most integer, leave_out text[])
RETURNS TABLE (
    id uuid, at timestamptz, action varchar, severity varchar, actor_id uuid, actor_label varchar, real_actor_id uuid,
    organization_id uuid, target_type varchar, target_id uuid, details jsonb, changes jsonb, personal jsonb,
    address inet, user_agent varchar, request_id varchar
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.at, e.action, e.severity, e.actor_id, e.actor_label, e.real_actor_id, e.organization_id,
        e.target_type, e.target_id, e.details, e.changes, e.personal, e.address, e.user_agent, e.request_id
    FROM public.audit_entry e
    WHERE e.id IN (
        (SELECT e.id FROM public.audit_entry e
         WHERE e.actor_id = person AND (older_than IS NULL OR e.id < older_than) AND e.action <> ALL (leave_out)
         ORDER BY e.id DESC LIMIT most)
        UNION
        (SELECT e.id FROM public.audit_entry e
         WHERE e.target_id = person AND (older_than IS NULL OR e.id < older_than) AND e.action <> ALL (leave_out)
         ORDER BY e.id DESC LIMIT most)
    )
    ORDER BY e.id DESC LIMIT most
$$;
REVOKE ALL ON FUNCTION audit_of_person FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_of_person TO scriptorium_web, scriptorium_system;

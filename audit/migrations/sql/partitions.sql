-- The first id of a moment. Ids are UUIDv7: they begin with their millisecond (core.ids.first_id).
CREATE FUNCTION audit_first_id(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rpad(lpad(to_hex(greatest((extract(epoch FROM moment) * 1000)::bigint, 0)), 12, '0'), 32, '0')::uuid;

-- Opens the partition of the quarter that `day` is in; false when it is there. It is attached, not made in place: that
-- takes no lock that reading or writing the trail waits for. What the default partition has of the quarter, because
-- nobody opened it in time, moves first. Asked by its own name a partition is nobody's: no right, no policy.
CREATE FUNCTION audit_open_quarter(day date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    part text := 'audit_entry_' || to_char(day, 'YYYY"q"Q');
    first uuid := audit_first_id(date_trunc('quarter', day::timestamp) AT TIME ZONE 'UTC');
    until uuid := audit_first_id((date_trunc('quarter', day::timestamp) + interval '3 months') AT TIME ZONE 'UTC');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_open_quarter'));
    IF to_regclass('public.' || part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.audit_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('REVOKE ALL ON public.%I FROM scriptorium_web, scriptorium_system', part);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('WITH moved AS (DELETE FROM public.audit_entry_default WHERE id >= %L AND id < %L RETURNING *)'
                   ' INSERT INTO public.%I SELECT * FROM moved', first, until, part);
    EXECUTE format('ALTER TABLE public.audit_entry ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   part, first, until);
    RETURN true;
END $$;

-- This quarter and the next; how many were opened. Beat asks every hour.
CREATE FUNCTION audit_open_quarters() RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today timestamp := now() AT TIME ZONE 'UTC';
BEGIN
    RETURN audit_open_quarter(today::date)::integer
        + audit_open_quarter((today + interval '3 months')::date)::integer;
END $$;

REVOKE ALL ON FUNCTION audit_first_id(timestamptz), audit_open_quarter(date), audit_open_quarters() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_first_id(timestamptz), audit_open_quarters() TO scriptorium_web, scriptorium_system;

ALTER TABLE audit_entry RENAME TO audit_entry_plain;
CREATE TABLE audit_entry (LIKE audit_entry_plain INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id);
CREATE TABLE audit_entry_default PARTITION OF audit_entry DEFAULT;
DO $$ BEGIN
    EXECUTE format('CREATE TABLE audit_entry_before PARTITION OF audit_entry FOR VALUES FROM (MINVALUE) TO (%L)',
                   audit_first_id(date_trunc('quarter', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'));
END $$;
REVOKE ALL ON audit_entry_default, audit_entry_before FROM scriptorium_web, scriptorium_system;
ALTER TABLE audit_entry_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_entry_before ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
SELECT audit_open_quarters();
INSERT INTO audit_entry SELECT * FROM audit_entry_plain;
DROP TABLE audit_entry_plain;

-- Nobody waits for a chain: whoever finds its end in other hands leaves the entry to audit_link(). So does a
-- transaction that has linked a hundred by itself: each update of the same row makes its next one slower. And so does
-- the entry that begins work across organizations: that may take minutes, in which nobody else had the chain's end.
CREATE OR REPLACE FUNCTION audit_chain_entry() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    head audit_chain;
BEGIN
    NEW.salt := uuid_send(gen_random_uuid());
    NEW.personal_digest := audit_personal_digest(NEW);
    NEW.digest := audit_digest(NEW);
    NEW.sequence := NULL;
    NEW.previous := NULL;
    NEW.hash := NULL;
    IF NEW.action = 'system.entered' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO head FROM audit_chain WHERE chain = audit_chain_of(NEW.organization_id) FOR UPDATE SKIP LOCKED;
    IF FOUND AND NOT (head.updated = now() AND head.burst >= 100) THEN
        NEW.sequence := head.sequence + 1;
        NEW.previous := head.hash;
        NEW.hash := audit_hash(NEW.previous, NEW.sequence, NEW.digest);
        UPDATE audit_chain SET sequence = NEW.sequence, hash = NEW.hash, updated = now(),
            burst = CASE WHEN updated = now() THEN burst + 1 ELSE 1 END
            WHERE chain = head.chain;
    END IF;
    RETURN NEW;
END $$;

-- Links what waits, each chain in the order of ids; how many were linked. One caller at a time: `patient` waits two
-- seconds for the other instead of leaving the work to it. An entry that is being erased of waits for the next time: it
-- would hold up all the others. One without digests came past the trigger: it stays unlinked, and audit_verify names it.
CREATE OR REPLACE FUNCTION audit_link(patient boolean DEFAULT false) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    waiting record;
    entry record;
    head audit_chain;
    linked bigint := 0;
BEGIN
    IF patient THEN
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('audit_link'));
        EXCEPTION WHEN lock_not_available THEN
            RETURN 0;
        END;
    ELSIF NOT pg_try_advisory_xact_lock(hashtext('audit_link')) THEN
        RETURN 0;
    END IF;
    FOR waiting IN SELECT DISTINCT audit_chain_of(organization_id) AS chain FROM audit_entry WHERE sequence IS NULL LOOP
        INSERT INTO audit_chain VALUES (waiting.chain, 0, decode(repeat('00', 32), 'hex'), now(), 0)
            ON CONFLICT DO NOTHING;
        BEGIN
            SELECT * INTO head FROM audit_chain WHERE chain = waiting.chain FOR UPDATE;
        EXCEPTION WHEN lock_not_available THEN
            CONTINUE;
        END;
        FOR entry IN
            SELECT e.id, e.digest FROM audit_entry e
            WHERE e.sequence IS NULL AND audit_chain_of(e.organization_id) = waiting.chain
            AND e.digest IS NOT NULL ORDER BY e.id LIMIT 50000 FOR UPDATE SKIP LOCKED
        LOOP
            UPDATE audit_entry SET sequence = head.sequence + 1, previous = head.hash,
                hash = audit_hash(head.hash, head.sequence + 1, entry.digest)
                WHERE id = entry.id RETURNING sequence, hash INTO head.sequence, head.hash;
            linked := linked + 1;
        END LOOP;
        UPDATE audit_chain SET sequence = head.sequence, hash = head.hash, updated = now(), burst = 0
            WHERE chain = head.chain AND sequence < head.sequence;
    END LOOP;
    RETURN linked;
END $$;

-- For whom only an address is known of: where it stands as a whole, not as a part of somebody else's (ann@ in joann@,
-- .co in .com). No index helps: it is asked seldom, by a worker.
CREATE OR REPLACE FUNCTION audit_forget_email(email text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    forgotten bigint;
    sought text := lower(audit_forget_email.email);
    whole text := '(?<![[:alnum:]._%+-])' || regexp_replace(sought, '([^[:alnum:]])', '\\\1', 'g')
        || '(?![[:alnum:]_-]|\.[[:alnum:]])';
BEGIN
    UPDATE audit_entry
        SET actor_label = '', real_actor_label = '', address = NULL, user_agent = '', personal = '{}', salt = NULL
        WHERE salt IS NOT NULL
        AND position(sought IN lower(actor_label || ' ' || real_actor_label || ' ' || personal::text)) > 0
        AND lower(actor_label || ' ' || real_actor_label || ' ' || personal::text) ~ whole;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

-- What names anybody or anything in the trail of an organization that is erased; the facts and the chain stay.
CREATE FUNCTION audit_forget_organization(organization uuid) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    UPDATE audit_entry
        SET actor_label = '', real_actor_label = '', address = NULL, user_agent = '', personal = '{}', salt = NULL
        WHERE salt IS NOT NULL AND (
            organization_id = organization OR (target_id = organization AND target_type = 'organizations.organization')
        );
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

REVOKE ALL ON FUNCTION audit_forget_organization(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_forget_organization(uuid) TO scriptorium_system;

-- What names or locates a person, salted: the chain holds this digest, and the salt goes when the rest is erased.
CREATE FUNCTION audit_personal_digest(e audit_entry) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN
    sha256(e.salt || convert_to(jsonb_build_array(
        e.actor_label, e.real_actor_label, host(e.address), e.user_agent, e.personal
    )::text, 'UTF8'));

-- The facts as one text, which archives keep as it stands. jsonb sorts its keys; times are microseconds of the epoch.
CREATE FUNCTION audit_facts(e audit_entry) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN
    jsonb_build_object(
        'id', e.id, 'at', (extract(epoch FROM e.at) * 1000000)::bigint, 'action', e.action, 'severity', e.severity,
        'actor', e.actor_id, 'real_actor', e.real_actor_id, 'organization', e.organization_id,
        'target_type', e.target_type, 'target', e.target_id, 'details', e.details, 'changes', e.changes,
        'request', e.request_id, 'personal', encode(e.personal_digest, 'hex')
    )::text;

CREATE FUNCTION audit_digest(e audit_entry) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(convert_to(audit_facts(e), 'UTF8'));

-- With its place in it, so that a renumbered entry says where it stood.
CREATE FUNCTION audit_hash(previous bytea, sequence bigint, digest bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN sha256(previous || int8send(sequence) || digest);

-- An organization's chain, or that of what belongs to none.
CREATE FUNCTION audit_chain_of(organization uuid) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(organization, '00000000-0000-0000-0000-000000000000'::uuid);

-- Nobody waits for a chain: whoever finds its end in other hands leaves the entry to audit_link(). So does a
-- transaction that has linked a hundred by itself: each update of the same row makes its next one slower. And so does
-- the entry that begins work across organizations: that may take minutes, in which nobody else had the chain's end.
CREATE FUNCTION audit_chain_entry() RETURNS trigger LANGUAGE plpgsql
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
CREATE FUNCTION audit_link(patient boolean DEFAULT false) RETURNS bigint LANGUAGE plpgsql
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

-- Erases what names or locates a person in the entries that are theirs, and nothing else; how many that were.
CREATE FUNCTION audit_forget(person uuid) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    UPDATE audit_entry
        SET actor_label = '', real_actor_label = '', address = NULL, user_agent = '', personal = '{}', salt = NULL
        WHERE salt IS NOT NULL AND (
            actor_id = person OR real_actor_id = person OR (target_id = person AND target_type = 'accounts.user')
        );
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$;

-- The same for whom only an address is known of: where it stands as a whole, not as a part of somebody else's (ann@ in joann@,
-- .co in .com). No index helps: it is asked seldom, by a worker.
CREATE FUNCTION audit_forget_email(email text) RETURNS bigint LANGUAGE plpgsql
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

REVOKE ALL ON FUNCTION audit_personal_digest(audit_entry), audit_facts(audit_entry), audit_digest(audit_entry),
    audit_hash(bytea, bigint, bytea), audit_chain_of(uuid), audit_chain_entry(), audit_link(boolean),
    audit_forget(uuid), audit_forget_email(text), audit_forget_organization(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_personal_digest(audit_entry), audit_facts(audit_entry), audit_digest(audit_entry),
    audit_hash(bytea, bigint, bytea), audit_chain_of(uuid), audit_link(boolean)
    TO scriptorium_web, scriptorium_system;
GRANT EXECUTE ON FUNCTION audit_forget(uuid), audit_forget_email(text), audit_forget_organization(uuid)
    TO scriptorium_system;

CREATE TRIGGER audit_chain_entry BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_chain_entry();

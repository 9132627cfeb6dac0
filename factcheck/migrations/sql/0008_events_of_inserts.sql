-- What is made is told once a statement and no longer once a row: a bulk request and an import write many rows at a time.
-- Rows of one statement have their events in the order in which they were written.
CREATE FUNCTION record_events_of_inserts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present_act uuid := nullif(current_setting('factcheck.act', true), '')::uuid;
    last integer := coalesce(nullif(current_setting('factcheck.ordinal', true), '')::integer, 0);
    written integer;
BEGIN
    IF NOT EXISTS (SELECT FROM inserted) THEN RETURN NULL; END IF;
    IF present_act IS NULL OR EXISTS (
        SELECT FROM (SELECT DISTINCT project_id FROM inserted) x WHERE NOT EXISTS (
            SELECT FROM act a
            WHERE a.id = present_act AND a.project_id = x.project_id AND a.xid = pg_current_xact_id())
    ) THEN
        RAISE EXCEPTION 'A write to % outside an act.', TG_TABLE_NAME USING ERRCODE = 'FC001';
    END IF;
    INSERT INTO event (act_id, ordinal, project_id, type, thing, article, layer, op, version, revision, before, after)
    SELECT present_act, last + row_number() OVER (), project_id, TG_TABLE_NAME, id, article_id, layer_id,
           CASE WHEN withdrawn_at IS NULL THEN 'create' ELSE 'delete' END, version, revision, NULL, to_jsonb(made)
    FROM inserted made;
    GET DIAGNOSTICS written = ROW_COUNT;
    PERFORM set_config('factcheck.ordinal', (last + written)::text, true);
    RETURN NULL;
END $$;

DO $$
DECLARE
    tracked text;
BEGIN
    FOREACH tracked IN ARRAY ARRAY['annotation', 'relation', 'source_link'] LOOP
        EXECUTE format('DROP TRIGGER zz_record_event ON %I', tracked);
        EXECUTE format('CREATE TRIGGER zz_record_event AFTER UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_event()', tracked);
        EXECUTE format('CREATE TRIGGER zz_record_event_of_insert AFTER INSERT ON %I
            REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION record_events_of_inserts()', tracked);
    END LOOP;
END $$;

-- A release and the bytes of its files are written together, in one act, and never again.

ALTER TABLE release ADD CONSTRAINT release_project_id_key UNIQUE (project_id, id);
ALTER TABLE release_file ADD CONSTRAINT release_file_project_id_key UNIQUE (project_id, id);
ALTER TABLE release_file
    ADD CONSTRAINT release_file_release_fk FOREIGN KEY (project_id, release_id) REFERENCES release (project_id, id);
ALTER TABLE release_chunk
    ADD CONSTRAINT release_chunk_file_fk FOREIGN KEY (project_id, file_id) REFERENCES release_file (project_id, id),
    ADD CONSTRAINT release_chunk_length CHECK (octet_length(data) BETWEEN 1 AND 262144),
    ADD CONSTRAINT release_chunk_ordinal_from_0 CHECK (ordinal >= 0);

CREATE TRIGGER guard_release BEFORE UPDATE OR DELETE ON release
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER guard_release_file BEFORE UPDATE OR DELETE ON release_file
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER guard_release_chunk BEFORE UPDATE OR DELETE ON release_chunk
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER zz_record_event AFTER INSERT OR UPDATE OR DELETE ON release
    FOR EACH ROW EXECUTE FUNCTION record_event();

-- What a finished release has is all that it will ever have: files and chunks come in the act that makes it.
CREATE FUNCTION making_release(wanted uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM event e JOIN act a ON a.id = e.act_id
        WHERE e.thing = wanted AND e.type = 'release' AND e.op = 'create'
          AND a.id = nullif(current_setting('factcheck.act', true), '')::uuid AND a.xid = pg_current_xact_id())
$$;
CREATE FUNCTION guard_release_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_release uuid;
BEGIN
    IF TG_TABLE_NAME = 'release_file' THEN of_release := NEW.release_id;
    ELSE SELECT f.release_id INTO of_release FROM release_file f WHERE f.id = NEW.file_id; END IF;
    IF of_release IS NOT NULL AND NOT making_release(of_release) THEN
        RAISE EXCEPTION 'Nothing is added to a release once it is made.' USING ERRCODE = 'FC002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_release_part BEFORE INSERT ON release_file
    FOR EACH ROW EXECUTE FUNCTION guard_release_part();
CREATE TRIGGER guard_release_part BEFORE INSERT ON release_chunk
    FOR EACH ROW EXECUTE FUNCTION guard_release_part();

-- At commit every file is as long as it says, without a gap in its chunks. (The lengths are read without the bytes.)
CREATE FUNCTION check_release_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    length bigint;
    chunks bigint;
    last integer;
BEGIN
    SELECT coalesce(sum(octet_length(data)), 0), count(*), coalesce(max(ordinal), -1)
        INTO length, chunks, last FROM release_chunk WHERE file_id = NEW.id;
    IF length <> NEW.size OR chunks <> last + 1 OR EXISTS (
        SELECT FROM release_chunk WHERE file_id = NEW.id AND ordinal < last AND octet_length(data) < 262144
    ) THEN
        RAISE EXCEPTION 'The chunks of % are not the file.', NEW.name USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER check_release_file AFTER INSERT ON release_file
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_release_file();

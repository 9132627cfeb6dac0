-- Captured texts of documents never change, passages lie inside them, and an act that only puts links elsewhere
-- (a text edited, sources merged) is no change of what reviewers judge.

ALTER TABLE source_text ADD CONSTRAINT source_text_project_id_key UNIQUE (project_id, id);
ALTER TABLE source_text ADD CONSTRAINT source_text_length_key UNIQUE (project_id, id, length);
ALTER TABLE source_text
    ADD CONSTRAINT source_text_source_fk FOREIGN KEY (project_id, source_id) REFERENCES source (project_id, id),
    ADD CONSTRAINT source_text_length_true CHECK (length = char_length(text)),
    ADD CONSTRAINT source_text_sha256_true CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    ADD CONSTRAINT source_text_is_canonical CHECK (strpos(text, chr(13)) = 0),
    ADD CONSTRAINT source_text_urls_are_web CHECK (url ~* '^(https?://.*)?$' AND archive_url ~* '^(https?://.*)?$');

ALTER TABLE source_link
    ADD CONSTRAINT source_link_text_fk FOREIGN KEY (project_id, source_text_id, source_text_length)
        REFERENCES source_text (project_id, id, length),
    ADD CONSTRAINT source_link_passage_whole CHECK (
        num_nonnulls(source_text_id, source_text_length, passage_start, passage_end, passage_prefix, passage_suffix,
                     passage_state) IN (0, 7)) NOT VALID,
    ADD CONSTRAINT source_link_passage_fits CHECK (
        passage_start >= 0 AND passage_start < passage_end AND passage_end <= source_text_length
        AND char_length(quote) = passage_end - passage_start) NOT VALID,
    ADD CONSTRAINT source_link_passage_of_documents CHECK (source_text_id IS NULL OR role = 'document') NOT VALID,
    ADD CONSTRAINT source_link_passage_state_known CHECK (passage_state IN ('found', 'lost')) NOT VALID;
ALTER TABLE source_link
    VALIDATE CONSTRAINT source_link_passage_whole,
    VALIDATE CONSTRAINT source_link_passage_fits,
    VALIDATE CONSTRAINT source_link_passage_of_documents,
    VALIDATE CONSTRAINT source_link_passage_state_known;

------------------------------------------------------------------ acts that put things elsewhere
CREATE FUNCTION replacing() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('factcheck.replacing', true), '') = 'on'
$$;

-- As before, and: while things are put elsewhere (merging sources, a passage looked for in an edited text), what
-- reviewers judge is the same, so version and status stay, and updated_at is what the act says.
CREATE OR REPLACE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD);
    now_is jsonb := to_jsonb(NEW);
    fixed text;
    judged text;
BEGIN
    FOREACH fixed IN ARRAY ARRAY['id', 'project_id', 'article_id', 'layer_id', 'created_by_id', 'created_at'] LOOP
        IF was -> fixed IS DISTINCT FROM now_is -> fixed THEN
            RAISE EXCEPTION 'The % of a row of % never changes.', fixed, TG_TABLE_NAME USING ERRCODE = 'FC002';
        END IF;
    END LOOP;
    NEW.revision := OLD.revision + 1;
    IF replacing() THEN
        IF TG_NARGS > 0 THEN
            NEW.version := OLD.version;
            NEW.status := OLD.status;
        END IF;
        RETURN NEW;
    END IF;
    NEW.updated_at := clock_timestamp();
    IF TG_NARGS > 0 THEN
        NEW.version := OLD.version;
        FOREACH judged IN ARRAY TG_ARGV LOOP
            IF was -> judged IS DISTINCT FROM now_is -> judged THEN
                NEW.version := OLD.version + 1;
                NEW.status := 'pending';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER count_change ON source_link;
CREATE TRIGGER count_change BEFORE UPDATE ON source_link
    FOR EACH ROW EXECUTE FUNCTION count_change(
        'source_id', 'role', 'position', 'on_behalf_of_id', 'as_named', 'cue', 'stance', 'url', 'quote', 'locator',
        'accessed_at', 'archive_url', 'source_text_id', 'passage_start', 'passage_end');

------------------------------------------------------------------ a captured text stays as it is
-- Merging its source moves it as a whole; nothing else of it ever changes.
CREATE FUNCTION guard_source_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND replacing() AND NEW.source_id <> OLD.source_id THEN
        OLD.source_id := NEW.source_id;
        IF OLD = NEW THEN
            NEW.revision := OLD.revision + 1;
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A captured text is never changed or removed.' USING ERRCODE = 'FC002';
END $$;
CREATE TRIGGER guard_source_text BEFORE UPDATE OR DELETE ON source_text
    FOR EACH ROW EXECUTE FUNCTION guard_source_text();
CREATE TRIGGER zz_record_event AFTER INSERT OR UPDATE OR DELETE ON source_text
    FOR EACH ROW EXECUTE FUNCTION record_event();

-- A passage that is said to be found has the quoted words.
CREATE FUNCTION guard_passage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    there text;
BEGIN
    -- What is no range at all is refused by a check.
    IF NEW.passage_state IS DISTINCT FROM 'found' OR NEW.passage_start >= NEW.passage_end THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.source_text_id, NEW.passage_start, NEW.passage_end, NEW.quote, NEW.passage_state)
            IS NOT DISTINCT FROM (OLD.source_text_id, OLD.passage_start, OLD.passage_end, OLD.quote, OLD.passage_state)
        THEN RETURN NEW; END IF;
    END IF;
    SELECT substr(t.text, NEW.passage_start + 1, NEW.passage_end - NEW.passage_start) INTO there
        FROM source_text t WHERE t.id = NEW.source_text_id;
    IF there IS DISTINCT FROM NEW.quote THEN
        RAISE EXCEPTION 'The captured text says other words at the passage than the quote.' USING ERRCODE = 'FC009';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_passage BEFORE INSERT OR UPDATE ON source_link
    FOR EACH ROW EXECUTE FUNCTION guard_passage();

------------------------------------------------------------------ finding sources while somebody types
CREATE INDEX source_by_name ON source (project_id, (lower(name) COLLATE "C"), id);

-- Every name and alias, so that what begins with the letters typed is a range of an index.
CREATE FUNCTION keep_source_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.name, NEW.aliases) IS NOT DISTINCT FROM (OLD.name, OLD.aliases) THEN RETURN NULL; END IF;
        DELETE FROM source_name WHERE source_id = NEW.id;
    END IF;
    INSERT INTO source_name (project_id, source_id, name)
        SELECT DISTINCT NEW.project_id, NEW.id, lower(n) FROM unnest(NEW.name || NEW.aliases) n;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_source_name AFTER INSERT OR UPDATE ON source
    FOR EACH ROW EXECUTE FUNCTION keep_source_name();
INSERT INTO source_name (project_id, source_id, name)
    SELECT DISTINCT s.project_id, s.id, lower(n) FROM source s, unnest(s.name || s.aliases) n;

-- Sources that contain some words or are spelt nearly like them. A LIMIT would have the planner walk through all
-- sources and compare each; the trigrams are what is quick, so here it has no choice. Who may see them is asked after.
CREATE FUNCTION sources_like(project uuid, wanted text, pattern text, most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    (SELECT id FROM source WHERE project_id = project AND withdrawn_at IS NULL AND names LIKE pattern LIMIT most)
    UNION ALL
    (SELECT id FROM source WHERE project_id = project AND withdrawn_at IS NULL AND wanted <% names LIMIT 4 * most)
$$;

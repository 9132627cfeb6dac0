-- What must never be is refused here, whoever writes: composite keys keep every row in one project,
-- triggers write the history, and a write outside an act fails.

------------------------------------------------------------------ keys that composite foreign keys refer to
ALTER TABLE tag ADD CONSTRAINT tag_project_id_key UNIQUE (project_id, id);
ALTER TABLE relation_kind ADD CONSTRAINT relation_kind_project_id_key UNIQUE (project_id, id);
ALTER TABLE relation_kind ADD CONSTRAINT relation_kind_symmetric_key UNIQUE (project_id, id, is_symmetric);
ALTER TABLE article ADD CONSTRAINT article_project_id_key UNIQUE (project_id, id);
ALTER TABLE article_version ADD CONSTRAINT article_version_project_id_key UNIQUE (project_id, id);
ALTER TABLE article_version ADD CONSTRAINT article_version_article_key UNIQUE (project_id, article_id, id);
ALTER TABLE article_version
    ADD CONSTRAINT article_version_length_key UNIQUE (project_id, article_id, id, length);
ALTER TABLE layer ADD CONSTRAINT layer_project_id_key UNIQUE (project_id, id);
ALTER TABLE layer ADD CONSTRAINT layer_article_key UNIQUE (project_id, article_id, id);
ALTER TABLE annotation ADD CONSTRAINT annotation_project_id_key UNIQUE (project_id, id);
ALTER TABLE annotation ADD CONSTRAINT annotation_author_key UNIQUE (id, created_by_id);
ALTER TABLE relation ADD CONSTRAINT relation_project_id_key UNIQUE (project_id, id);
ALTER TABLE relation ADD CONSTRAINT relation_author_key UNIQUE (id, created_by_id);
ALTER TABLE source ADD CONSTRAINT source_project_id_key UNIQUE (project_id, id);
ALTER TABLE source_link ADD CONSTRAINT source_link_project_id_key UNIQUE (project_id, id);
ALTER TABLE source_link ADD CONSTRAINT source_link_author_key UNIQUE (id, created_by_id);
ALTER TABLE review ADD CONSTRAINT review_project_id_key UNIQUE (project_id, id);

------------------------------------------------------------------ composite foreign keys
ALTER TABLE relation_pair
    ADD CONSTRAINT relation_pair_kind_fk FOREIGN KEY (project_id, kind_id) REFERENCES relation_kind (project_id, id),
    ADD CONSTRAINT relation_pair_subject_fk FOREIGN KEY (project_id, subject_tag_id) REFERENCES tag (project_id, id),
    ADD CONSTRAINT relation_pair_object_fk FOREIGN KEY (project_id, object_tag_id) REFERENCES tag (project_id, id);
ALTER TABLE attribute_schema
    ADD CONSTRAINT attribute_schema_tag_fk FOREIGN KEY (project_id, tag_id) REFERENCES tag (project_id, id);
ALTER TABLE article
    ADD CONSTRAINT article_current_version_fk FOREIGN KEY (project_id, id, current_version_id)
        REFERENCES article_version (project_id, article_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE article_version
    ADD CONSTRAINT article_version_article_fk FOREIGN KEY (project_id, article_id) REFERENCES article (project_id, id);
ALTER TABLE layer
    ADD CONSTRAINT layer_article_fk FOREIGN KEY (project_id, article_id) REFERENCES article (project_id, id);
ALTER TABLE reviewer_assignment
    ADD CONSTRAINT reviewer_assignment_article_fk FOREIGN KEY (project_id, article_id)
        REFERENCES article (project_id, id);
ALTER TABLE annotation
    ADD CONSTRAINT annotation_version_fk FOREIGN KEY (project_id, article_id, article_version_id, text_length)
        REFERENCES article_version (project_id, article_id, id, length),
    ADD CONSTRAINT annotation_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id),
    ADD CONSTRAINT annotation_tag_fk FOREIGN KEY (project_id, tag_id) REFERENCES tag (project_id, id);
ALTER TABLE placement
    ADD CONSTRAINT placement_annotation_fk FOREIGN KEY (project_id, annotation_id)
        REFERENCES annotation (project_id, id),
    ADD CONSTRAINT placement_version_fk FOREIGN KEY (project_id, article_id, article_version_id, text_length)
        REFERENCES article_version (project_id, article_id, id, length);
ALTER TABLE relation
    ADD CONSTRAINT relation_kind_fk FOREIGN KEY (project_id, kind_id, is_symmetric)
        REFERENCES relation_kind (project_id, id, is_symmetric),
    ADD CONSTRAINT relation_subject_fk FOREIGN KEY (project_id, subject_id) REFERENCES annotation (project_id, id),
    ADD CONSTRAINT relation_object_fk FOREIGN KEY (project_id, object_id) REFERENCES annotation (project_id, id),
    ADD CONSTRAINT relation_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id);
ALTER TABLE source
    ADD CONSTRAINT source_merged_into_fk FOREIGN KEY (project_id, merged_into_id) REFERENCES source (project_id, id);
ALTER TABLE source_link
    ADD CONSTRAINT source_link_annotation_fk FOREIGN KEY (project_id, annotation_id)
        REFERENCES annotation (project_id, id),
    ADD CONSTRAINT source_link_source_fk FOREIGN KEY (project_id, source_id) REFERENCES source (project_id, id),
    ADD CONSTRAINT source_link_behalf_fk FOREIGN KEY (project_id, on_behalf_of_id)
        REFERENCES source (project_id, id),
    ADD CONSTRAINT source_link_version_fk FOREIGN KEY (project_id, article_id, article_version_id, text_length)
        REFERENCES article_version (project_id, article_id, id, length),
    ADD CONSTRAINT source_link_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id);
ALTER TABLE review
    ADD CONSTRAINT review_annotation_fk FOREIGN KEY (project_id, annotation_id) REFERENCES annotation (project_id, id),
    ADD CONSTRAINT review_relation_fk FOREIGN KEY (project_id, relation_id) REFERENCES relation (project_id, id),
    ADD CONSTRAINT review_source_link_fk FOREIGN KEY (project_id, source_link_id)
        REFERENCES source_link (project_id, id),
    ADD CONSTRAINT review_annotation_author_fk FOREIGN KEY (annotation_id, thing_author_id)
        REFERENCES annotation (id, created_by_id),
    ADD CONSTRAINT review_relation_author_fk FOREIGN KEY (relation_id, thing_author_id)
        REFERENCES relation (id, created_by_id),
    ADD CONSTRAINT review_source_link_author_fk FOREIGN KEY (source_link_id, thing_author_id)
        REFERENCES source_link (id, created_by_id),
    ADD CONSTRAINT review_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id),
    ADD CONSTRAINT review_superseded_by_fk FOREIGN KEY (project_id, superseded_by_id)
        REFERENCES review (project_id, id) DEFERRABLE INITIALLY DEFERRED;

------------------------------------------------------------------ text and extents
ALTER TABLE article_version
    ADD CONSTRAINT article_version_length_true CHECK (length = char_length(text)),
    ADD CONSTRAINT article_version_sha256_true CHECK (sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    ADD CONSTRAINT article_version_is_canonical CHECK (strpos(text, chr(13)) = 0);

CREATE FUNCTION extent_fits(extent int4multirange, length integer) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT isempty(extent) AND NOT lower_inf(extent) AND NOT upper_inf(extent)
       AND lower(extent) >= 0 AND upper(extent) <= length
$$;
ALTER TABLE annotation
    ADD CONSTRAINT annotation_extent_fits CHECK (extent_fits(extent, text_length)),
    ADD CONSTRAINT annotation_has_its_words CHECK (
        cardinality(pieces) >= 1 AND char_length(array_to_string(pieces, '')) > 0);
ALTER TABLE placement ADD CONSTRAINT placement_extent_fits CHECK (extent IS NULL OR extent_fits(extent, text_length));
ALTER TABLE source_link ADD CONSTRAINT source_link_cue_fits CHECK (cue IS NULL OR extent_fits(cue, text_length));
ALTER TABLE source_link
    ADD CONSTRAINT source_link_urls_are_web CHECK (url ~* '^(https?://.*)?$' AND archive_url ~* '^(https?://.*)?$');
ALTER TABLE source ADD CONSTRAINT source_url_is_web CHECK (url ~* '^(https?://.*)?$');
ALTER TABLE article ADD CONSTRAINT article_url_is_web CHECK (url ~* '^(https?://.*)?$');
CREATE UNIQUE INDEX relation_symmetric_once_alive
    ON relation (layer_id, kind_id, least(subject_id, object_id), greatest(subject_id, object_id))
    WHERE is_symmetric AND withdrawn_at IS NULL;

------------------------------------------------------------------ finding sources by any of their names
CREATE FUNCTION keep_source_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.names := lower(NEW.name || E'\n' || array_to_string(NEW.aliases, E'\n'));
    RETURN NEW;
END $$;
CREATE TRIGGER keep_source_names BEFORE INSERT OR UPDATE ON source
    FOR EACH ROW EXECUTE FUNCTION keep_source_names();
CREATE INDEX source_names_trigrams ON source USING gin (names gin_trgm_ops);

------------------------------------------------------------------ acts: what somebody did, in commit order
ALTER TABLE act ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION begin_act(
    act_id uuid, project uuid, kind text, actor uuid, token uuid, channel text, undoes uuid, article uuid
) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    joined uuid := nullif(current_setting('factcheck.together', true), '')::uuid;
BEGIN
    -- Several things done together are one act: the first begins it, the others join it.
    IF joined IS NOT NULL THEN
        IF project IS DISTINCT FROM (SELECT a.project_id FROM act a WHERE a.id = joined) THEN
            RAISE EXCEPTION 'What is done together lies in one project.' USING ERRCODE = 'FC008';
        END IF;
        RETURN joined;
    END IF;
    INSERT INTO act (id, project_id, kind, actor_id, token, channel, undoes, article)
    VALUES (act_id, project, kind, actor, token, channel, undoes, article);
    PERFORM set_config('factcheck.act', act_id::text, true), set_config('factcheck.ordinal', '0', true);
    RETURN act_id;
END $$;

-- The position is taken at commit, under the lock of the project's counter row, which is held until the
-- commit is done: so within a project the order of positions is the order of commits.
CREATE FUNCTION place_act() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    next bigint;
BEGIN
    UPDATE project_counter SET position = position + 1 WHERE project_id = NEW.project_id
        RETURNING position INTO next;
    IF next IS NULL THEN
        RAISE EXCEPTION 'There is no project % to act in.', NEW.project_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    UPDATE act SET position = next WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER place_act AFTER INSERT ON act
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION place_act();

CREATE FUNCTION guard_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL THEN
        OLD.position := NEW.position;
        IF OLD = NEW THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION 'An act is never changed or removed.' USING ERRCODE = 'FC002';
END $$;
CREATE TRIGGER guard_act BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION guard_act();

------------------------------------------------------------------ events: what an act changed
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row of % is never % once written.', TG_TABLE_NAME,
        CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END USING ERRCODE = 'FC002';
END $$;

CREATE FUNCTION record_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present_act uuid := nullif(current_setting('factcheck.act', true), '')::uuid;
    nth integer := coalesce(nullif(current_setting('factcheck.ordinal', true), '')::integer, 0) + 1;
    was jsonb;
    now_is jsonb;
    thing jsonb;
    in_project uuid;
    op text;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) - 'text' - 'blocks' - 'links'; END IF;
    IF TG_OP <> 'DELETE' THEN now_is := to_jsonb(NEW) - 'text' - 'blocks' - 'links'; END IF;
    thing := coalesce(now_is, was);
    in_project := (thing ->> CASE TG_TABLE_NAME WHEN 'project' THEN 'id' ELSE 'project_id' END)::uuid;
    IF present_act IS NULL OR NOT EXISTS (
        SELECT FROM act WHERE act.id = present_act AND act.project_id = in_project AND act.xid = pg_current_xact_id()
    ) THEN
        RAISE EXCEPTION 'A write to % outside an act.', TG_TABLE_NAME USING ERRCODE = 'FC001';
    END IF;
    op := CASE
        WHEN TG_OP = 'INSERT' THEN 'create'
        WHEN TG_OP = 'DELETE' THEN 'delete'
        WHEN now_is ->> 'withdrawn_at' IS NOT NULL THEN 'delete'
        WHEN was ->> 'withdrawn_at' IS NOT NULL THEN 'create'
        ELSE 'update'
    END;
    INSERT INTO event (act_id, ordinal, project_id, type, thing, article, layer, op, version, revision, before, after)
    VALUES (
        present_act, nth, in_project, TG_TABLE_NAME, (thing ->> 'id')::uuid,
        (thing ->> CASE TG_TABLE_NAME WHEN 'article' THEN 'id' ELSE 'article_id' END)::uuid,
        (thing ->> CASE TG_TABLE_NAME WHEN 'layer' THEN 'id' ELSE 'layer_id' END)::uuid,
        op, (thing ->> 'version')::integer, (thing ->> 'revision')::integer, was, now_is
    );
    PERFORM set_config('factcheck.ordinal', nth::text, true);
    RETURN NULL;
END $$;

-- Counts revision and, when one of the named columns changes, version; what is said of an old version does
-- not hold for a new one, so its status waits again. Identity and origin never change.
CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
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

DO $$
DECLARE
    tracked text;
BEGIN
    FOREACH tracked IN ARRAY ARRAY[
        'project', 'membership', 'tag', 'relation_kind', 'relation_pair', 'attribute_schema', 'article', 'layer',
        'reviewer_assignment', 'annotation', 'placement', 'relation', 'source', 'source_link', 'review', 'article_version'
    ] LOOP
        EXECUTE format('CREATE TRIGGER zz_record_event AFTER INSERT OR UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_event()', tracked);
    END LOOP;
    FOREACH tracked IN ARRAY ARRAY[
        'project', 'membership', 'tag', 'relation_kind', 'relation_pair', 'attribute_schema', 'article', 'layer',
        'reviewer_assignment', 'placement', 'source'
    ] LOOP
        EXECUTE format('CREATE TRIGGER count_change BEFORE UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION count_change()', tracked);
    END LOOP;
    FOREACH tracked IN ARRAY ARRAY[
        'project', 'tag', 'relation_kind', 'attribute_schema', 'article', 'layer', 'annotation', 'placement',
        'relation', 'source', 'source_link', 'review'
    ] LOOP
        EXECUTE format('CREATE TRIGGER refuse_removal BEFORE DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_change()', tracked);
    END LOOP;
    FOREACH tracked IN ARRAY ARRAY['event', 'article_version'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_change()', tracked);
    END LOOP;
END $$;
CREATE TRIGGER count_change BEFORE UPDATE ON annotation
    FOR EACH ROW EXECUTE FUNCTION count_change('tag_id', 'extent', 'article_version_id', 'attributes');
CREATE TRIGGER count_change BEFORE UPDATE ON relation
    FOR EACH ROW EXECUTE FUNCTION count_change('kind_id', 'subject_id', 'object_id', 'attributes');
CREATE TRIGGER count_change BEFORE UPDATE ON source_link
    FOR EACH ROW EXECUTE FUNCTION count_change(
        'source_id', 'role', 'position', 'on_behalf_of_id', 'as_named', 'cue', 'stance', 'url', 'quote', 'locator',
        'accessed_at', 'archive_url');

------------------------------------------------------------------ relations and links stand between live things
CREATE FUNCTION guard_relation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    s annotation;
    o annotation;
BEGIN
    IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
    -- In id order, so that two relations between the same two annotations cannot wait for each other.
    PERFORM FROM annotation WHERE id IN (NEW.subject_id, NEW.object_id) ORDER BY id FOR SHARE;
    SELECT * INTO s FROM annotation WHERE id = NEW.subject_id;
    SELECT * INTO o FROM annotation WHERE id = NEW.object_id;
    IF s.article_id <> NEW.article_id OR o.article_id <> NEW.object_article_id THEN
        RAISE EXCEPTION 'A relation stands in the article of its subject.' USING ERRCODE = 'FC003';
    END IF;
    IF s.withdrawn_at IS NOT NULL OR o.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'A relation needs two annotations that are not withdrawn.' USING ERRCODE = 'FC004';
    END IF;
    IF NOT EXISTS (
        SELECT FROM relation_pair p
        WHERE p.kind_id = NEW.kind_id AND p.subject_tag_id = s.tag_id AND p.object_tag_id = o.tag_id
    ) THEN
        RAISE EXCEPTION 'The project does not allow this kind of relation between these tags.'
            USING ERRCODE = 'FC005';
    END IF;
    IF (s.layer_id <> NEW.layer_id OR o.layer_id <> NEW.layer_id)
       AND (SELECT blind FROM project WHERE id = NEW.project_id) THEN
        RAISE EXCEPTION 'In a blind project both ends of a relation lie in its own layer.' USING ERRCODE = 'FC006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_relation BEFORE INSERT OR UPDATE ON relation
    FOR EACH ROW EXECUTE FUNCTION guard_relation();

CREATE FUNCTION guard_source_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    a annotation;
    s source;
BEGIN
    IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
    SELECT * INTO a FROM annotation WHERE id = NEW.annotation_id FOR SHARE;
    IF a.layer_id <> NEW.layer_id OR a.article_id <> NEW.article_id THEN
        RAISE EXCEPTION 'A source link lies in the layer of its annotation.' USING ERRCODE = 'FC003';
    END IF;
    IF a.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'A source link needs an annotation that is not withdrawn.' USING ERRCODE = 'FC004';
    END IF;
    SELECT * INTO s FROM source WHERE id = NEW.source_id FOR SHARE;
    IF s.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'A source link needs a source that is not withdrawn.' USING ERRCODE = 'FC004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_source_link BEFORE INSERT OR UPDATE ON source_link
    FOR EACH ROW EXECUTE FUNCTION guard_source_link();

CREATE FUNCTION guard_annotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.withdrawn_at IS NOT NULL AND (
        EXISTS (SELECT FROM relation WHERE withdrawn_at IS NULL AND subject_id = NEW.id)
        OR EXISTS (SELECT FROM relation WHERE withdrawn_at IS NULL AND object_id = NEW.id)
        OR EXISTS (SELECT FROM source_link WHERE withdrawn_at IS NULL AND annotation_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'The relations and links of an annotation are withdrawn with it.' USING ERRCODE = 'FC004';
    END IF;
    IF NEW.tag_id <> OLD.tag_id AND EXISTS (
        SELECT FROM relation r
        JOIN annotation s ON s.id = r.subject_id
        JOIN annotation o ON o.id = r.object_id
        WHERE r.withdrawn_at IS NULL AND NEW.id IN (r.subject_id, r.object_id)
          AND NOT EXISTS (
            SELECT FROM relation_pair p
            WHERE p.kind_id = r.kind_id AND p.subject_tag_id = s.tag_id AND p.object_tag_id = o.tag_id)
    ) THEN
        RAISE EXCEPTION 'With this tag a relation of the annotation would not be legal.' USING ERRCODE = 'FC005';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guard_annotation AFTER UPDATE ON annotation
    FOR EACH ROW EXECUTE FUNCTION guard_annotation();

CREATE FUNCTION guard_relation_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM relation r
        JOIN annotation s ON s.id = r.subject_id AND s.tag_id = OLD.subject_tag_id
        JOIN annotation o ON o.id = r.object_id AND o.tag_id = OLD.object_tag_id
        WHERE r.withdrawn_at IS NULL AND r.kind_id = OLD.kind_id
    ) THEN
        RAISE EXCEPTION 'Live relations use this pair of tags.' USING ERRCODE = 'FC005';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard_relation_pair BEFORE UPDATE OR DELETE ON relation_pair
    FOR EACH ROW EXECUTE FUNCTION guard_relation_pair();

------------------------------------------------------------------ reviews: four eyes, and never rewritten
CREATE FUNCTION guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.reviewer_id = (SELECT owner_id FROM layer WHERE id = NEW.layer_id) THEN
            RAISE EXCEPTION 'Nobody decides on what stands in their own layer.' USING ERRCODE = 'FC007';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.superseded_by_id IS NULL AND NEW.superseded_by_id IS NOT NULL THEN
        OLD.superseded_by_id := NEW.superseded_by_id;
        IF OLD = NEW THEN
            NEW.revision := OLD.revision + 1;
            NEW.updated_at := clock_timestamp();
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'A decision is never rewritten; a later one supersedes it.' USING ERRCODE = 'FC002';
END $$;
CREATE TRIGGER guard_review BEFORE INSERT OR UPDATE ON review FOR EACH ROW EXECUTE FUNCTION guard_review();

------------------------------------------------------------------ who may see what
CREATE FUNCTION visible_layers(viewer uuid) RETURNS SETOF layer LANGUAGE sql STABLE AS $$
    SELECT l.* FROM layer l
    JOIN project p ON p.id = l.project_id
    JOIN membership m ON m.project_id = l.project_id AND m.user_id = viewer
    WHERE NOT p.blind OR l.owner_id = viewer OR l.opened_at IS NOT NULL
$$;

CREATE FUNCTION visible_sources(viewer uuid) RETURNS SETOF source LANGUAGE sql STABLE AS $$
    SELECT s.* FROM source s
    JOIN project p ON p.id = s.project_id
    JOIN membership m ON m.project_id = s.project_id AND m.user_id = viewer
    WHERE NOT p.blind OR s.standing OR s.created_by_id = viewer
       OR EXISTS (SELECT FROM membership c
                  WHERE c.project_id = s.project_id AND c.user_id = s.created_by_id AND c.role = 'manager')
       OR EXISTS (SELECT FROM source_link k JOIN layer l ON l.id = k.layer_id
                  WHERE s.id IN (k.source_id, k.on_behalf_of_id) AND k.withdrawn_at IS NULL
                    AND (l.owner_id = viewer OR l.opened_at IS NOT NULL))
$$;

-- Reviewing: what waits is found by an index, whoever proposed a change does not approve it, and what authors and
-- reviewers say to each other is history as everything else.

ALTER TABLE layer ADD CONSTRAINT layer_first_answer_fk FOREIGN KEY (first_answer) REFERENCES act (id);

ALTER TABLE review_response
    ADD CONSTRAINT review_response_review_fk FOREIGN KEY (project_id, review_id) REFERENCES review (project_id, id),
    ADD CONSTRAINT review_response_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id);
ALTER TABLE proposed_annotation ADD CONSTRAINT proposed_annotation_project_id_key UNIQUE (project_id, id);
ALTER TABLE proposed_annotation
    ADD CONSTRAINT proposed_annotation_version_fk FOREIGN KEY (project_id, article_id, article_version_id, text_length)
        REFERENCES article_version (project_id, article_id, id, length),
    ADD CONSTRAINT proposed_annotation_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id),
    ADD CONSTRAINT proposed_annotation_tag_fk FOREIGN KEY (project_id, tag_id) REFERENCES tag (project_id, id),
    ADD CONSTRAINT proposed_annotation_annotation_fk FOREIGN KEY (project_id, annotation_id)
        REFERENCES annotation (project_id, id),
    ADD CONSTRAINT proposed_annotation_extent_fits CHECK (extent_fits(extent, text_length));

DO $$
DECLARE
    tracked text;
BEGIN
    FOREACH tracked IN ARRAY ARRAY['review_response', 'proposed_annotation'] LOOP
        EXECUTE format('CREATE TRIGGER zz_record_event AFTER INSERT OR UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_event()', tracked);
    END LOOP;
END $$;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON review_response
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_removal BEFORE DELETE ON proposed_annotation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER count_change BEFORE UPDATE ON proposed_annotation
    FOR EACH ROW EXECUTE FUNCTION count_change();

------------------------------------------------------------------ four eyes, also on what one has proposed
CREATE FUNCTION proposed_by(reviewer uuid, annotation uuid, relation uuid, source_link uuid, version integer)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM proposed_annotation p WHERE p.annotation_id = $2 AND p.created_by_id = $1)
        OR EXISTS (
            SELECT FROM review r JOIN review_response s ON s.review_id = r.id
            WHERE r.reviewer_id = $1 AND s.answer = 'accepted' AND s.thing_version <= $5
              AND (r.annotation_id = $2 OR r.relation_id = $3 OR r.source_link_id = $4))
$$;

CREATE OR REPLACE FUNCTION guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- The lock waits for a layer that is just being handed over.
        PERFORM FROM layer WHERE id = NEW.layer_id FOR KEY SHARE;
        IF NEW.layer_id IS DISTINCT FROM coalesce(
            (SELECT layer_id FROM annotation WHERE id = NEW.annotation_id),
            (SELECT layer_id FROM relation WHERE id = NEW.relation_id),
            (SELECT layer_id FROM source_link WHERE id = NEW.source_link_id))
        THEN
            RAISE EXCEPTION 'A decision stands in the layer of what it is about.' USING ERRCODE = 'FC003';
        END IF;
        IF NEW.reviewer_id = (SELECT owner_id FROM layer WHERE id = NEW.layer_id) THEN
            RAISE EXCEPTION 'Nobody decides on what stands in their own layer.' USING ERRCODE = 'FC007';
        END IF;
        IF NEW.decision = 'approve' AND proposed_by(
            NEW.reviewer_id, NEW.annotation_id, NEW.relation_id, NEW.source_link_id, NEW.thing_version)
        THEN
            RAISE EXCEPTION 'Nobody approves a change that they have proposed.' USING ERRCODE = 'FC011';
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

-- Only whose layer it is responds, once, and nobody to a decision of their own.
CREATE FUNCTION guard_review_response() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    decided text;
BEGIN
    SELECT r.decision INTO decided FROM review r
        WHERE r.id = NEW.review_id AND r.layer_id = NEW.layer_id AND r.reviewer_id <> NEW.created_by_id;
    IF decided IS NULL OR (NEW.answer = 'answered') <> (decided = 'ask')
       OR (NEW.answer <> 'answered' AND decided NOT IN ('change', 'reject'))
       OR (NEW.answer = 'accepted' AND decided <> 'change')
    THEN
        RAISE EXCEPTION 'This answer does not fit the decision.' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_review_response BEFORE INSERT ON review_response
    FOR EACH ROW EXECUTE FUNCTION guard_review_response();

-- Nobody proposes to themselves.
CREATE FUNCTION guard_proposed_annotation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM layer WHERE id = NEW.layer_id FOR KEY SHARE;
    IF NEW.created_by_id = (SELECT owner_id FROM layer WHERE id = NEW.layer_id) THEN
        RAISE EXCEPTION 'Nobody proposes to themselves.' USING ERRCODE = 'FC007';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_proposed_annotation BEFORE INSERT ON proposed_annotation
    FOR EACH ROW EXECUTE FUNCTION guard_proposed_annotation();

------------------------------------------------------------------ what waits, found without looking at what does not
CREATE INDEX annotation_waiting ON annotation (project_id, id) WHERE withdrawn_at IS NULL AND status = 'pending';
CREATE INDEX relation_waiting ON relation (project_id, id) WHERE withdrawn_at IS NULL AND status = 'pending';
CREATE INDEX source_link_waiting ON source_link (project_id, id) WHERE withdrawn_at IS NULL AND status = 'pending';
CREATE INDEX annotation_split ON annotation (project_id, id) WHERE withdrawn_at IS NULL AND status = 'split';
CREATE INDEX relation_split ON relation (project_id, id) WHERE withdrawn_at IS NULL AND status = 'split';
CREATE INDEX source_link_split ON source_link (project_id, id) WHERE withdrawn_at IS NULL AND status = 'split';
CREATE INDEX review_live_of_person ON review (reviewer_id, project_id, id) WHERE superseded_by_id IS NULL;

------------------------------------------------------------------ what hangs on a rejected annotation is void
-- A relation that is only touched needs no look at its ends (and must not wait for them: two reviewers deciding on
-- both ends at once would wait for each other).
CREATE OR REPLACE FUNCTION guard_relation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    s annotation;
    o annotation;
BEGIN
    IF NEW.withdrawn_at IS NOT NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.kind_id, NEW.subject_id, NEW.object_id, NEW.object_article_id, NEW.withdrawn_at)
            IS NOT DISTINCT FROM (OLD.kind_id, OLD.subject_id, OLD.object_id, OLD.object_article_id, OLD.withdrawn_at)
        THEN RETURN NEW; END IF;
    END IF;
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

-- Whether a relation or link is void is derived, and part of what is told of it: it gets an event, and keeps its
-- version and status.
CREATE FUNCTION tell_void() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('factcheck.replacing', true), '');
BEGIN
    PERFORM set_config('factcheck.replacing', 'on', true);
    -- In id order, so that two annotations with two relations between them cannot wait for each other.
    PERFORM FROM relation WHERE withdrawn_at IS NULL AND (subject_id = NEW.id OR object_id = NEW.id)
        ORDER BY id FOR NO KEY UPDATE;
    UPDATE relation SET revision = revision
        WHERE withdrawn_at IS NULL AND (subject_id = NEW.id OR object_id = NEW.id);
    UPDATE source_link SET revision = revision WHERE withdrawn_at IS NULL AND annotation_id = NEW.id;
    PERFORM set_config('factcheck.replacing', before, true);
    RETURN NULL;
END $$;
CREATE TRIGGER zzz_tell_void AFTER UPDATE ON annotation
    FOR EACH ROW WHEN ((OLD.status = 'rejected') <> (NEW.status = 'rejected') AND NEW.withdrawn_at IS NULL)
    EXECUTE FUNCTION tell_void();

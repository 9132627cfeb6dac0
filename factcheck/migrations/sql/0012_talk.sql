-- Talk: a thread lies where its thing lies, a comment where its thread lies, so that who sees the one sees the other.

------------------------------------------------------------------ keys
ALTER TABLE thread ADD CONSTRAINT thread_project_id_key UNIQUE (project_id, id);
ALTER TABLE thread ADD CONSTRAINT thread_article_key UNIQUE (project_id, article_id, id);
ALTER TABLE comment ADD CONSTRAINT comment_project_id_key UNIQUE (project_id, id);
ALTER TABLE thread
    ADD CONSTRAINT thread_article_fk FOREIGN KEY (project_id, article_id) REFERENCES article (project_id, id),
    ADD CONSTRAINT thread_layer_fk FOREIGN KEY (project_id, article_id, layer_id)
        REFERENCES layer (project_id, article_id, id),
    ADD CONSTRAINT thread_annotation_fk FOREIGN KEY (project_id, annotation_id) REFERENCES annotation (project_id, id),
    ADD CONSTRAINT thread_relation_fk FOREIGN KEY (project_id, relation_id) REFERENCES relation (project_id, id);
ALTER TABLE comment
    ADD CONSTRAINT comment_thread_fk FOREIGN KEY (project_id, article_id, thread_id)
        REFERENCES thread (project_id, article_id, id),
    ADD CONSTRAINT comment_says_something CHECK (body ~ '\S');
ALTER TABLE notice
    ADD CONSTRAINT notice_comment_fk FOREIGN KEY (project_id, comment_id) REFERENCES comment (project_id, id);
CREATE INDEX comment_mentions ON comment USING gin (mentions);

------------------------------------------------------------------ where threads and comments lie
CREATE FUNCTION guard_thread() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_article uuid;
    in_layer uuid;
    withdrawn timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.annotation_id, NEW.relation_id) IS DISTINCT FROM (OLD.annotation_id, OLD.relation_id) THEN
            RAISE EXCEPTION 'A thread stays with what it is about.' USING ERRCODE = 'FC002';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.annotation_id IS NOT NULL THEN
        SELECT article_id, layer_id, withdrawn_at INTO in_article, in_layer, withdrawn
            FROM annotation WHERE id = NEW.annotation_id FOR SHARE;
    ELSIF NEW.relation_id IS NOT NULL THEN
        SELECT article_id, layer_id, withdrawn_at INTO in_article, in_layer, withdrawn
            FROM relation WHERE id = NEW.relation_id FOR SHARE;
    ELSE
        RETURN NEW;
    END IF;
    IF in_article IS DISTINCT FROM NEW.article_id OR in_layer IS DISTINCT FROM NEW.layer_id THEN
        RAISE EXCEPTION 'A thread lies in the layer of what it is about.' USING ERRCODE = 'FC003';
    END IF;
    IF withdrawn IS NOT NULL THEN
        RAISE EXCEPTION 'A thread is begun on something that is not withdrawn.' USING ERRCODE = 'FC004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_thread BEFORE INSERT OR UPDATE ON thread FOR EACH ROW EXECUTE FUNCTION guard_thread();

CREATE FUNCTION guard_comment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    in_layer uuid;
    withdrawn timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.thread_id <> OLD.thread_id THEN
        RAISE EXCEPTION 'A comment stays in its thread.' USING ERRCODE = 'FC002';
    END IF;
    -- The last comment of a thread that is withdrawn takes the thread along: so whoever adds one waits for that.
    SELECT layer_id, withdrawn_at INTO in_layer, withdrawn FROM thread WHERE id = NEW.thread_id FOR SHARE;
    IF in_layer IS DISTINCT FROM NEW.layer_id THEN
        RAISE EXCEPTION 'A comment lies in the layer of its thread.' USING ERRCODE = 'FC003';
    END IF;
    IF NEW.withdrawn_at IS NULL AND withdrawn IS NOT NULL THEN
        RAISE EXCEPTION 'A comment needs a thread that is not withdrawn.' USING ERRCODE = 'FC004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_comment BEFORE INSERT OR UPDATE ON comment FOR EACH ROW EXECUTE FUNCTION guard_comment();

------------------------------------------------------------------ history
DO $$
DECLARE
    tracked text;
BEGIN
    FOREACH tracked IN ARRAY ARRAY['thread', 'comment'] LOOP
        EXECUTE format('CREATE TRIGGER zz_record_event AFTER INSERT OR UPDATE OR DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION record_event()', tracked);
        EXECUTE format('CREATE TRIGGER count_change BEFORE UPDATE ON %I
            FOR EACH ROW EXECUTE FUNCTION count_change()', tracked);
        EXECUTE format('CREATE TRIGGER refuse_removal BEFORE DELETE ON %I
            FOR EACH ROW EXECUTE FUNCTION refuse_change()', tracked);
    END LOOP;
END $$;

------------------------------------------------------------------ who may see what
-- Talk of an article is its members'; talk of something marked is seen by who sees the layer that it lies in. With
-- OFFSET 0 the layer is looked up for each thread; the planner would otherwise gather all that the viewer may see.
CREATE FUNCTION visible_threads(viewer uuid) RETURNS SETOF thread LANGUAGE sql STABLE AS $$
    SELECT t.* FROM thread t
    JOIN acting_membership m ON m.project_id = t.project_id AND m.user_id = viewer
    WHERE t.layer_id IS NULL OR EXISTS (SELECT FROM visible_layers(viewer) l WHERE l.id = t.layer_id OFFSET 0)
$$;

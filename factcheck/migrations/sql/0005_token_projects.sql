-- A token may be limited to some projects. What a request made with it reaches is said once, by the setting
-- factcheck.reach of its connection, and asked once, here: whoever asks for a member asks acting_membership.

ALTER TABLE token ADD CONSTRAINT token_projects_some CHECK (projects IS NULL OR cardinality(projects) BETWEEN 1 AND 100);

CREATE FUNCTION in_reach(project uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('factcheck.reach', true), '') = ''
        OR project = ANY(nullif(current_setting('factcheck.reach', true), '')::uuid[])
$$;

-- The memberships by which whoever asks may see and do something now.
CREATE VIEW acting_membership AS SELECT * FROM membership m WHERE in_reach(m.project_id);

CREATE OR REPLACE FUNCTION visible_layers(viewer uuid) RETURNS SETOF layer LANGUAGE sql STABLE AS $$
    SELECT l.* FROM layer l
    JOIN project p ON p.id = l.project_id
    JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = viewer
    WHERE NOT p.blind OR l.owner_id = viewer OR l.opened_at IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION visible_sources(viewer uuid) RETURNS SETOF source LANGUAGE sql STABLE AS $$
    SELECT s.* FROM source s
    JOIN project p ON p.id = s.project_id
    JOIN acting_membership m ON m.project_id = s.project_id AND m.user_id = viewer
    WHERE NOT p.blind OR s.standing OR s.created_by_id = viewer
       OR EXISTS (SELECT FROM membership c
                  WHERE c.project_id = s.project_id AND c.user_id = s.created_by_id AND c.role = 'manager')
       OR EXISTS (SELECT FROM source_link k JOIN layer l ON l.id = k.layer_id
                  WHERE s.id IN (k.source_id, k.on_behalf_of_id) AND k.withdrawn_at IS NULL
                    AND (l.owner_id = viewer OR l.opened_at IS NOT NULL))
$$;

-- As before, and: nothing is done in a project out of reach, whatever was checked before.
CREATE OR REPLACE FUNCTION begin_act(
    act_id uuid, project uuid, kind text, actor uuid, token uuid, channel text, undoes uuid, article uuid
) RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    joined uuid := nullif(current_setting('factcheck.together', true), '')::uuid;
BEGIN
    IF NOT in_reach(project) THEN
        RAISE EXCEPTION 'This token does not reach the project.' USING ERRCODE = 'FC010';
    END IF;
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

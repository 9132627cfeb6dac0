-- As before, in words whose selectivity the planner knows. Where all projects are alike, as where there is but one, it
-- takes NOT p.blind for never true, expects no layer at all, and goes through every layer for each row of a join.

CREATE OR REPLACE FUNCTION visible_layers(viewer uuid) RETURNS SETOF layer LANGUAGE sql STABLE AS $$
    SELECT l.* FROM layer l
    JOIN project p ON p.id = l.project_id
    JOIN acting_membership m ON m.project_id = l.project_id AND m.user_id = viewer
    WHERE p.blind IS NOT TRUE OR l.owner_id = viewer OR l.opened_at IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION visible_sources(viewer uuid) RETURNS SETOF source LANGUAGE sql STABLE AS $$
    SELECT s.* FROM source s
    JOIN project p ON p.id = s.project_id
    JOIN acting_membership m ON m.project_id = s.project_id AND m.user_id = viewer
    WHERE p.blind IS NOT TRUE OR s.standing OR s.created_by_id = viewer
       OR EXISTS (SELECT FROM membership c
                  WHERE c.project_id = s.project_id AND c.user_id = s.created_by_id AND c.role = 'manager')
       OR EXISTS (SELECT FROM source_link k JOIN layer l ON l.id = k.layer_id
                  WHERE s.id IN (k.source_id, k.on_behalf_of_id) AND k.withdrawn_at IS NULL
                    AND (l.owner_id = viewer OR l.opened_at IS NOT NULL))
$$;

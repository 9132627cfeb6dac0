"""The statements behind the change feed, and what in an event changes how much a viewer sees."""

# Where a restored copy of the database begins a history of its own: another cluster, database or timeline.
FINGERPRINT = """left(md5((SELECT system_identifier FROM pg_control_system()) || '/'
    || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/'
    || (SELECT timeline_id FROM pg_control_checkpoint())), 8)"""

# All that an idle poll asks: the projects that the viewer is in, or that the cursor names, and where they stand.
STANDING = f"""
    SELECT e.epoch, {FINGERPRINT}, p.id, p.slug, p.blind, c.position, m.id IS NOT NULL, in_reach(p.id)
    FROM (SELECT 1) one
    LEFT JOIN feed_epoch e ON true
    LEFT JOIN (
        SELECT project_id FROM acting_membership WHERE user_id = %(viewer)s UNION SELECT unnest(%(known)s::uuid[])
    ) followed ON true
    LEFT JOIN project p ON p.id = followed.project_id
    LEFT JOIN project_counter c ON c.project_id = p.id
    LEFT JOIN acting_membership m ON m.project_id = p.id AND m.user_id = %(viewer)s
    ORDER BY p.id"""

# The position is taken by each commit, so a snapshot that sees this position sees all up to it and nothing after it.
OF_SNAPSHOT = f"""
    SELECT e.epoch, {FINGERPRINT}, c.position FROM project_counter c LEFT JOIN feed_epoch e ON true
    WHERE c.project_id = %s"""

COLUMNS = (
    """a.position, e.ordinal, e.type, e.thing, e.article, e.op, e.version, e.revision, a.at, u.username"""
)
FROM = "FROM act a JOIN event e ON e.act_id = a.id JOIN account u ON u.id = a.actor_id"
SEEN = """(e.layer IS NULL OR EXISTS (SELECT FROM visible_layers(%(viewer)s) l WHERE l.id = e.layer))
    AND (e.type <> 'source' OR EXISTS (SELECT FROM visible_sources(%(viewer)s) s WHERE s.id = e.thing))
    AND (e.type <> 'source_text' OR EXISTS (
        SELECT FROM source_text x JOIN visible_sources(%(viewer)s) s ON s.id = x.source_id WHERE x.id = e.thing))"""


def _sees(state: str) -> str:
    """Say in SQL whether the viewer may see a layer in this state of its row."""
    return f"""coalesce(({state} ->> 'owner_id')::uuid = %(viewer)s OR {state} ->> 'opened_at' IS NOT NULL, false)"""


# Events after which the viewer sees more than before, or less; all but the last concern blind projects only.
TURN = f"""CASE
    WHEN e.type = 'layer' AND e.op = 'update' AND {_sees("e.before")} <> {_sees("e.after")}
        THEN CASE WHEN {_sees("e.after")} THEN 'opened' ELSE 'closed' END
    WHEN e.type = 'source_link' THEN 'named'
    WHEN e.type = 'membership' AND e.after ->> 'role' = 'manager' THEN 'sources'
    WHEN e.type = 'project' AND e.before -> 'blind' <> e.after -> 'blind' THEN 'sources' END"""

# Sources made by others that the viewer sees, or no longer sees, by what an event says: a link that names them, a
# manager who is one no more, a project that becomes blind.
NAMED = """LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT s.id) FILTER (WHERE v.id IS NOT NULL) AS shown,
               array_agg(DISTINCT s.id) FILTER (WHERE v.id IS NULL) AS hidden
        FROM (
            SELECT unnest(ARRAY[
                (e.before ->> 'source_id')::uuid, (e.after ->> 'source_id')::uuid,
                (e.before ->> 'on_behalf_of_id')::uuid, (e.after ->> 'on_behalf_of_id')::uuid]) AS id
            WHERE e.type = 'source_link'
            UNION ALL
            SELECT o.id FROM source o
            WHERE e.type = 'membership' AND e.before ->> 'role' = 'manager' AND o.project_id = %(project)s
              AND o.created_by_id = (e.before ->> 'user_id')::uuid
            UNION ALL
            SELECT o.id FROM source o
            WHERE e.type = 'project' AND e.before -> 'blind' <> e.after -> 'blind' AND o.project_id = %(project)s
        ) named
        JOIN source s ON s.id = named.id AND NOT s.standing AND s.created_by_id <> %(viewer)s
        LEFT JOIN visible_sources(%(viewer)s) v ON v.id = s.id
    ) named ON true"""

# What is told along with an event, though nothing was done to it: the project when its scheme or the viewer's role
# changes, since they stand in it; the sources that a link names from now on, with their texts, since a copy that
# began with an export has those only that were named; and the decisions on what leaves, or comes back, with what was
# said to them, that it was proposed, and the talk about it.
_JUDGED = "e.type IN ('annotation', 'relation', 'source_link')"
_NAMES = """ARRAY(
    SELECT s.id FROM source s WHERE s.withdrawn_at IS NULL AND s.id IN (
        (e.after ->> 'source_id')::uuid, (e.after ->> 'on_behalf_of_id')::uuid)
      AND (NOT %(blind)s OR EXISTS (SELECT FROM visible_sources(%(viewer)s) v WHERE v.id = s.id)))"""
ALONG = f"""
    CASE WHEN e.type IN ('tag', 'relation_kind', 'attribute_schema')
           OR (e.type = 'membership' AND e.op = 'update' AND e.after ->> 'user_id' = %(viewer)s::text)
         THEN true END,
    CASE WHEN e.type = 'source_link' AND e.op <> 'delete'
          AND (e.op = 'create' OR e.before -> 'source_id' <> e.after -> 'source_id'
               OR e.before -> 'on_behalf_of_id' <> e.after -> 'on_behalf_of_id') THEN {_NAMES} END,
    CASE WHEN {_JUDGED} AND (e.op = 'delete' OR e.before IS NOT NULL AND e.op = 'create')
         THEN ARRAY(
            SELECT 'review/' || w.id FROM review w
            WHERE w.annotation_id = e.thing OR w.relation_id = e.thing OR w.source_link_id = e.thing
            UNION ALL
            SELECT 'review_response/' || z.id FROM review w JOIN review_response z ON z.review_id = w.id
            WHERE w.annotation_id = e.thing OR w.relation_id = e.thing OR w.source_link_id = e.thing
            UNION ALL
            SELECT 'proposed_annotation/' || p.id FROM proposed_annotation p
            WHERE p.annotation_id = e.thing AND p.withdrawn_at IS NULL
            UNION ALL
            SELECT 'thread/' || h.id FROM thread h
            WHERE h.withdrawn_at IS NULL AND (h.annotation_id = e.thing OR h.relation_id = e.thing)
            UNION ALL
            SELECT 'comment/' || c.id FROM thread h JOIN comment c ON c.thread_id = h.id AND c.withdrawn_at IS NULL
            WHERE h.withdrawn_at IS NULL AND (h.annotation_id = e.thing OR h.relation_id = e.thing)) END"""


def _next(columns: str, join: str = "", seen: str = "TRUE") -> str:
    """Select the next events of a project. Of an act of any size no more is read than the page can hold."""
    return f"""
        SELECT {COLUMNS}, {columns}, {ALONG}
        FROM act a
        CROSS JOIN LATERAL (
            SELECT e.* FROM event e
            WHERE e.act_id = a.id AND e.type = ANY(%(types)s) AND {seen}
              AND e.ordinal > CASE WHEN a.position = %(position)s + 1 THEN %(ordinal)s ELSE 0 END
            ORDER BY e.ordinal LIMIT %(limit)s
        ) e
        JOIN account u ON u.id = a.actor_id {join}
        WHERE a.project_id = %(project)s AND a.position > %(position)s AND a.position <= %(upto)s"""


OPEN_PAGE = _next(
    "CASE WHEN e.type = 'project' AND e.before -> 'blind' <> e.after -> 'blind' THEN 'sources' END, NULL, NULL"
)
BLIND_PAGE = _next(f"{TURN}, named.shown, named.hidden", join=NAMED, seen=f"({SEEN} OR {TURN} = 'closed')")
IN_ORDER = "ORDER BY a.position, e.ordinal LIMIT %(limit)s"
TURNING = ("layer", "source_link", "membership", "project")

# Types of events with which things of another type are told along.
LEADING = {
    "project": ("tag", "relation_kind", "attribute_schema", "membership"),
    "source": ("source_link",),
    "source_text": ("source_link",),
    "review": ("annotation", "relation", "source_link"),
    "review_response": ("annotation", "relation", "source_link"),
    "proposed_annotation": ("annotation",),
    "thread": ("annotation", "relation"),
    "comment": ("annotation", "relation"),
}

TEXTS = "SELECT x.source_id, x.id FROM source_text x WHERE x.source_id = ANY(%s)"

# What a turn makes visible.
_OF_SOURCES = "SELECT id FROM source_text WHERE source_id"
OPENED = {
    "opened": f"""SELECT id FROM layer WHERE id = %(thing)s
        UNION ALL SELECT id FROM annotation WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM relation WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM source_link WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM review WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM review_response WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM proposed_annotation WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM thread WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM comment WHERE layer_id = %(thing)s
        UNION ALL SELECT source_id FROM source_link WHERE layer_id = %(thing)s
        UNION ALL SELECT on_behalf_of_id FROM source_link WHERE layer_id = %(thing)s
        UNION ALL {_OF_SOURCES} IN (SELECT source_id FROM source_link WHERE layer_id = %(thing)s
                                    UNION ALL SELECT on_behalf_of_id FROM source_link WHERE layer_id = %(thing)s)""",
    "named": f"SELECT unnest(%(shown)s::uuid[]) UNION ALL {_OF_SOURCES} = ANY(%(shown)s::uuid[])",
    "sources": """SELECT id FROM source WHERE project_id = %(project)s
        UNION ALL SELECT id FROM source_text WHERE project_id = %(project)s""",
}

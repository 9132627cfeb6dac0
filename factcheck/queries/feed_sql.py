"""The statements behind the change feed, and what in an event changes how much a viewer sees."""

# Where a restored copy of the database begins a history of its own: another cluster, database or timeline.
FINGERPRINT = """left(md5((SELECT system_identifier FROM pg_control_system()) || '/'
    || (SELECT oid FROM pg_database WHERE datname = current_database()) || '/'
    || (SELECT timeline_id FROM pg_control_checkpoint())), 8)"""

COLUMNS = (
    """a.position, e.ordinal, e.type, e.thing, e.article, e.op, e.version, e.revision, a.at, u.username"""
)
FROM = "FROM act a JOIN event e ON e.act_id = a.id JOIN account u ON u.id = a.actor_id"
SEEN = """(e.layer IS NULL OR EXISTS (SELECT FROM visible_layers(%(viewer)s) l WHERE l.id = e.layer))
    AND (e.type <> 'source' OR EXISTS (SELECT FROM visible_sources(%(viewer)s) s WHERE s.id = e.thing))"""


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
NAMED = """LEFT JOIN LATERAL (
        SELECT array_agg(s.id) FILTER (WHERE v.id IS NOT NULL) AS shown,
               array_agg(s.id) FILTER (WHERE v.id IS NULL) AS hidden
        FROM source s LEFT JOIN visible_sources(%(viewer)s) v ON v.id = s.id
        WHERE e.type = 'source_link' AND NOT s.standing AND s.created_by_id <> %(viewer)s AND s.id IN (
            (e.before ->> 'source_id')::uuid, (e.after ->> 'source_id')::uuid,
            (e.before ->> 'on_behalf_of_id')::uuid, (e.after ->> 'on_behalf_of_id')::uuid)
    ) named ON true"""


def _next(columns: str, join: str = "", seen: str = "TRUE") -> str:
    """Select the next events of a project. Of an act of any size no more is read than the page can hold."""
    return f"""
        SELECT {COLUMNS}, {columns}
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

# What a turn makes visible.
OPENED = {
    "opened": """SELECT id FROM layer WHERE id = %(thing)s
        UNION ALL SELECT id FROM annotation WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM relation WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM source_link WHERE layer_id = %(thing)s
        UNION ALL SELECT id FROM review WHERE layer_id = %(thing)s
        UNION ALL SELECT source_id FROM source_link WHERE layer_id = %(thing)s
        UNION ALL SELECT on_behalf_of_id FROM source_link WHERE layer_id = %(thing)s""",
    "named": "SELECT unnest(%(shown)s::uuid[])",
    "sources": "SELECT id FROM source WHERE project_id = %(project)s",
}

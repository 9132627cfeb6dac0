"""The tables as they were when people gave their first answers: the history put in their place (DESIGN.md 5.1).

A statement of an export that begins with these reads the same tables by the same names, and finds in them what stood
there at that moment. What is said of a layer is as of the act of its own first answer, what is said of the article and
of sources as of the last of these acts in the article.
"""

JUDGED = ("annotation", "relation", "source_link")
NOT_ANSWERS = ("review", "review_response", "proposed_annotation", "reviewer_assignment", "thread")

_LAST = """CROSS JOIN LATERAL (
        SELECT e.after FROM event e JOIN act a ON a.id = e.act_id
        WHERE e.thing = r.id AND a.position <= n.position ORDER BY a.position DESC, e.ordinal DESC LIMIT 1) told"""


def _as_of(table: str, which: str, change: str = "") -> str:
    """Select the rows of a table, as r, as they were at the position of n, which `which` joins."""
    return f"""{table} AS MATERIALIZED (
        SELECT x.* FROM {table} r {which} {_LAST}
        CROSS JOIN LATERAL jsonb_populate_record(r, told.after {change}) x)"""


def tables() -> str:
    """Return the common table expressions; they take the one article in `batch`."""
    of_layer = "JOIN answered n ON n.id = r.layer_id"
    parts = [
        """answered AS MATERIALIZED (
            SELECT l.id, a.position FROM layer l JOIN act a ON a.id = l.first_answer
            WHERE l.article_id = ANY(%(batch)s::uuid[]) AND l.kind = 'person')""",
        "upto AS MATERIALIZED (SELECT max(position) AS position FROM answered)",
        _as_of("layer", "JOIN answered n ON n.id = r.id"),
        _as_of("article", "JOIN upto n ON r.id = ANY(%(batch)s::uuid[])"),
        # What was decided is no part of the answer.
        *(
            _as_of(table, of_layer, """|| '{"status": "pending"}'""").replace(
                ") x)", ") x WHERE x.withdrawn_at IS NULL)"
            )
            for table in JUDGED
        ),
        _as_of(
            "source",
            """JOIN upto n ON r.id IN (
                SELECT unnest(ARRAY[k.source_id, k.on_behalf_of_id]) FROM source_link k)""",
        ),
        _as_of(
            "source_text",
            "JOIN upto n ON r.id IN (SELECT k.source_text_id FROM source_link k)",
        ),
        *(f"{table} AS (SELECT * FROM {table} WHERE false)" for table in NOT_ANSWERS),
    ]
    return ", ".join(parts)

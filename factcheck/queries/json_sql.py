"""JSON that the database builds: expressions in SQL for what leaves in thousands.

Fixed keys are written into templates for PostgreSQL's `format`, which is half again as quick as json_build_object; each
value is JSON by itself (to_json) unless it is a UUID, a number or one of our own words.
"""


def of(**fields: str) -> str:
    """Write an SQL expression that makes a JSON object; values that begin with `"` are quoted, not escaped."""
    keys, values = [], []
    for key, value in fields.items():
        keys.append(f'"{key}":"%%s"' if value.startswith('"') else f'"{key}":%%s')
        values.append(value.lstrip('"'))
    return f"format('{{{','.join(keys)}}}', {', '.join(values)})"


def text(value: str) -> str:
    return f"to_json({value})"


def maybe(value: str) -> str:
    return f"coalesce(to_json({value})::text, 'null')"


def time(value: str) -> str:
    return f"replace(to_json({value})::text, '+00:00', 'Z')"


def maybe_time(value: str) -> str:
    return f"coalesce({time(value)}, 'null')"


def spans(extent: str, pieces: str) -> str:
    """Write an extent with its words; one span, as most have, without a query of its own."""
    one = of(start=f"lower({extent})", end=f"upper({extent})", exact=text(f"{pieces}[1]"))
    each = of(start="lower(piece)", end="upper(piece)", exact=text(f"{pieces}[nth]"))
    return f"""CASE WHEN cardinality({pieces}) = 1 THEN '[' || {one} || ']' ELSE (
        SELECT '[' || string_agg({each}, ',' ORDER BY nth) || ']'
        FROM unnest({extent}) WITH ORDINALITY AS p (piece, nth)) END"""


def cue(extent: str) -> str:
    each = of(start="lower(piece)", end="upper(piece)")
    return f"""coalesce((SELECT '[' || string_agg({each}, ',' ORDER BY nth) || ']'
        FROM unnest({extent}) WITH ORDINALITY AS p (piece, nth)), '[]')"""


def moment(value: str) -> str:
    """Write a time as the API does: in UTC, with all six digits of the second's fraction or none."""
    written = f"""to_char({value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"""coalesce('"' || replace({written}, '.000000', '') || '"', 'null')"""

"""Everything that is attributed to one source, by role, as its own page lists it."""

from typing import Any, NamedTuple
from uuid import UUID

from factcheck.queries import reading

# `behalf` is no role of a link: it gathers what others said on behalf of this source.
ROLES = ("speaker", "behalf", "via", "concerns", "document")


class Attribution(NamedTuple):
    """A link to the source with the words that it hangs on and the article where they stand."""

    id: UUID
    role: str
    annotation: UUID
    pieces: list[str]
    tag: str
    tag_title: str
    article: UUID
    article_title: str
    language: str
    direction: str
    owner: str | None
    source: UUID
    source_name: str
    on_behalf_of: UUID | None
    on_behalf_of_name: str | None
    as_named: str
    cue: str | None
    stance: str | None
    url: str
    quote: str
    locator: str
    accessed_at: str
    archive_url: str
    note: str
    prefix: str
    suffix: str
    passage: str | None


class _Total(NamedTuple):
    role: str
    number: int


# Parameters: source, source, viewer.
_LINKS = """
    FROM (
        SELECT k.role AS as_role, k.* FROM source_link k WHERE k.source_id = %s AND k.withdrawn_at IS NULL
        UNION ALL
        SELECT 'behalf', k.* FROM source_link k WHERE k.on_behalf_of_id = %s AND k.withdrawn_at IS NULL
    ) k
    JOIN visible_layers(%s) l ON l.id = k.layer_id
"""
_SELECT = f"""
    SELECT k.id, k.as_role, k.annotation_id, a.pieces, t.name, t.title, ar.id, ar.title, ar.language, ar.direction,
           o.username, s.id, s.name, b.id, b.name, k.as_named,
           (SELECT string_agg(substr(v.text, lower(r) + 1, upper(r) - lower(r)), ' … ' ORDER BY lower(r))
            FROM article_version v, unnest(k.cue) r WHERE v.id = k.article_version_id),
           k.stance, k.url, k.quote, k.locator, k.accessed_at, k.archive_url, k.note,
           coalesce(k.passage_prefix, ''), coalesce(k.passage_suffix, ''), k.passage_state
    {_LINKS}
    JOIN annotation a ON a.id = k.annotation_id AND a.withdrawn_at IS NULL
    JOIN tag t ON t.id = a.tag_id
    JOIN article ar ON ar.id = k.article_id
    JOIN source s ON s.id = k.source_id
    LEFT JOIN source b ON b.id = k.on_behalf_of_id
    LEFT JOIN account o ON o.id = l.owner_id
"""


def totals(viewer: UUID, source_id: UUID) -> dict[str, int]:
    """Count by role the live links to the source that the viewer may see, in the order of `ROLES`."""
    found = reading.rows(
        _Total, f"SELECT k.as_role, count(*) {_LINKS} GROUP BY k.as_role", [source_id, source_id, viewer]
    )
    numbers = dict(found)
    return {role: numbers[role] for role in ROLES if role in numbers}


def page(viewer: UUID, source_id: UUID, role: str, cut: reading.Cut) -> reading.Page[Attribution]:
    """Return one page of what is attributed to the source in one role, by the id of the link."""
    where = reading.Where().add("k.as_role = %s", role)
    first: list[Any] = [source_id, source_id, viewer]
    return reading.page(Attribution, _SELECT, where, cut, first=first, column="k.id")

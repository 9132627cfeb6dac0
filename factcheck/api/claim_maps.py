"""`articles/{id}/map/`: who claims what, who denies it and what shows it, as one layer has it; as JSON and as CSV."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from orjson import Fragment
from rest_framework import serializers
from rest_framework.request import Request

from factcheck import queries
from factcheck.api import conditional, filters, paging, rendering, schema, things
from factcheck.api.base import ApiView, found
from factcheck.claims.gaps import GAPS
from factcheck.claims.records import ClaimRow, Link, Links, Related, Statement
from factcheck.exports import claim_maps as exports
from factcheck.queries.claim_maps import ClaimMap

FILTERS = {
    "layer": filters.Filter(
        filters.LAYER.parse,
        "`own`, `reference`, or the id of a layer; without it your own if it has claims, else the reference, else the"
        " fullest.",
    ),
    "gap": filters.one_of(list(GAPS), "Only the rows that have this gap."),
}


class MapSpeaker(serializers.Serializer[Any]):
    """Who said it, or passed it on (`via`, in their order)."""

    source = serializers.UUIDField()  # type: ignore[assignment]  # a field of this name
    name = serializers.CharField()
    as_named = serializers.CharField()
    on_behalf_of = serializers.UUIDField(allow_null=True)
    on_behalf_of_name = serializers.CharField(allow_null=True)
    cue = serializers.CharField(help_text="The attributing words.")


class MapStatement(serializers.Serializer[Any]):
    """An annotation; `owner` is set where it lies in a colleague's layer."""

    id = serializers.UUIDField()
    article = serializers.UUIDField()
    owner = serializers.CharField(allow_null=True)
    tag = serializers.CharField()
    exact = serializers.CharField()
    attributes = serializers.DictField()
    status = serializers.CharField()
    speakers = MapSpeaker(many=True)
    via = MapSpeaker(many=True)


class MapRelated(MapStatement):
    """An annotation that denies, supports or refutes; `manner` is empty where it was not said."""

    manner = serializers.ChoiceField(choices=["explicit", "implied", ""])


class MapDocument(serializers.Serializer[Any]):
    """A document that the desk found and linked to a claim of the row."""

    link = serializers.UUIDField()
    annotation = serializers.UUIDField()
    source = serializers.UUIDField()  # type: ignore[assignment]  # a field of this name
    name = serializers.CharField()
    stance = serializers.CharField()
    url = serializers.CharField()
    quote = serializers.CharField()
    locator = serializers.CharField()
    accessed_at = serializers.CharField()
    archive_url = serializers.CharField()


class MapConcerned(serializers.Serializer[Any]):
    """Whom it concerns or accuses."""

    source = serializers.UUIDField()  # type: ignore[assignment]  # a field of this name
    name = serializers.CharField()
    as_named = serializers.CharField()


class MapRow(serializers.Serializer[Any]):
    """Claims that repeat each other, and what stands in relation to any of them."""

    number = serializers.IntegerField()
    claim = serializers.UUIDField(help_text="The claim that the others repeat.")
    claims = MapStatement(many=True)
    voices = serializers.ListField(
        child=serializers.UUIDField(), help_text="Who said it, an alias or a body and its spokesperson once."
    )
    speaker_missing = serializers.IntegerField(
        help_text="Of how many of the claims nobody is given as the speaker."
    )
    concerns = MapConcerned(many=True)
    denials = MapRelated(many=True)
    evidence_for = MapRelated(many=True, help_text="Offered in the article.")
    evidence_against = MapRelated(many=True, help_text="Offered in the article.")
    documents = MapDocument(many=True, help_text="Found by the desk.")
    contradicts = MapStatement(many=True)
    about = MapStatement(many=True, help_text="What is said about it.")
    is_about = MapStatement(many=True, help_text="What it is about.")
    context = MapStatement(many=True)  # type: ignore[assignment]  # a field of this name
    findings = serializers.ListField(child=serializers.CharField())
    later_evidence = serializers.BooleanField(allow_null=True, help_text="null where a date is not known.")
    gaps = serializers.ListField(child=serializers.ChoiceField(choices=list(GAPS)))


class MapLayer(serializers.Serializer[Any]):
    """Whose map it is."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    owner = serializers.CharField(allow_null=True)


class ClaimMapShape(serializers.Serializer[Any]):
    """The map of one layer; `layer` is null where there is none yet."""

    article = serializers.UUIDField()
    layer = MapLayer(allow_null=True)
    total = serializers.IntegerField(help_text="Rows without the filter.")
    gaps = serializers.DictField(child=serializers.IntegerField(), help_text="How many rows have each gap.")
    rows = MapRow(many=True)


class _Map(ApiView):
    def asked(self, request: Request, id: str) -> tuple[ClaimMap, str | None]:
        """Return the map that the address and the filters name, and the gap asked for."""
        article = found(
            queries.articles.visible(self.viewer, things.key_of(id)), _("There is no such article.")
        )
        given = filters.read(request.query_params, FILTERS)
        return queries.claim_maps.of_article(self.viewer, article, given.get("layer")), given.get("gap")


class ClaimMapOfArticle(_Map):
    """The claim map of an article."""

    @extend_schema(
        operation_id="articles_map",
        summary="Read an article's claim map",
        description="One row is a group of claims that repeat each other. It is whole, not paged.",
        parameters=[*schema.query(FILTERS), schema.IF_NONE_MATCH],
        responses={200: ClaimMapShape, 304: OpenApiResponse(description="Nothing changed.")},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        shown, gap = self.asked(request, id)
        return paging.tagged(request, rendering.dumps(present(shown, gap)))


class ClaimMapTable(_Map):
    """The same as a table."""

    @extend_schema(
        operation_id="articles_map_csv",
        summary="Read an article's claim map as CSV",
        parameters=[*schema.query(FILTERS), schema.IF_NONE_MATCH],
        responses={(200, "text/csv"): str, 304: OpenApiResponse(description="Nothing changed.")},
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        shown, gap = self.asked(request, id)
        body = exports.write(shown.having(gap), shown.links)
        tag = conditional.body_etag(body)
        if conditional.unchanged(request, tag):
            return conditional.not_modified(tag)
        response = HttpResponse(body, content_type="text/csv; charset=utf-8")
        response["ETag"] = tag
        response["Content-Disposition"] = f'attachment; filename="map-{shown.article.id}.csv"'
        return response


def present(shown: ClaimMap, gap: str | None = None) -> dict[str, Any]:
    """Present the map by ids and words."""
    layer = shown.layer
    return {
        "article": shown.article.id,
        "layer": layer and {"id": layer.id, "kind": layer.kind, "owner": layer.owner},
        "total": len(shown.rows),
        "gaps": shown.counts,
        "rows": [_row(row, shown.links) for row in shown.having(gap)],
    }


def _row(row: ClaimRow, links: Links) -> dict[str, Any]:
    def statements(some: list[Statement]) -> list[dict[str, Any]]:
        return [_statement(one, links) for one in some]

    def related(some: list[Related]) -> list[dict[str, Any]]:
        return [_statement(one.statement, links) | {"manner": one.manner} for one in some]

    return {
        "number": row.number,
        "claim": row.claim.id,
        "claims": statements(row.members),
        "voices": row.voices,
        "speaker_missing": row.unattributed,
        "concerns": [
            {"source": link.source, "name": link.name, "as_named": link.as_named} for link in row.concerned
        ],
        "denials": related(row.denials),
        "evidence_for": related(row.evidence_for),
        "evidence_against": related(row.evidence_against),
        "documents": [_document(link) for link in row.documents],
        "contradicts": statements(row.contradictions),
        "about": statements(row.spoken_about),
        "is_about": statements(row.is_about),
        "context": statements(row.context),
        "findings": row.findings,
        "later_evidence": row.later,
        "gaps": row.gaps,
    }


def _statement(one: Statement, links: Links) -> dict[str, Any]:
    speakers: list[dict[str, Any]] = []
    via: list[dict[str, Any]] = []
    for link in links.get(one.id, ()):
        if link.role == "speaker":
            speakers.append(_speaker(link))
        elif link.role == "via":
            via.append(_speaker(link))
    return {
        "id": one.id,
        "article": one.article,
        "owner": one.owner,
        "tag": one.tag,
        "exact": one.pieces[0] if len(one.pieces) == 1 else " ".join(one.pieces),
        "attributes": Fragment(one.attributes),
        "status": one.status,
        "speakers": speakers,
        "via": via,
    }


def _speaker(link: Link) -> dict[str, Any]:
    return {
        "source": link.source,
        "name": link.name,
        "as_named": link.as_named,
        "on_behalf_of": link.behalf,
        "on_behalf_of_name": link.behalf_name,
        "cue": link.cue,
    }


def _document(link: Link) -> dict[str, Any]:
    return {
        "link": link.id,
        "annotation": link.annotation,
        "source": link.source,
        "name": link.name,
        "stance": link.stance,
        "url": link.url,
        "quote": link.quote,
        "locator": link.locator,
        "accessed_at": link.accessed_at,
        "archive_url": link.archive_url,
    }

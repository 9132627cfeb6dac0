"""The OpenAPI document is committed, true and whole; the page that shows it runs under the content policy."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from factcheck.api.urls import urlpatterns
from tests import factories
from tests.api.client import Api

COMMITTED = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def document() -> Any:
    return orjson.loads(orjson.dumps(SchemaGenerator().get_schema(request=None, public=True)))


def test_the_committed_document_is_what_the_code_says(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))
    fresh = (tmp_path / "openapi.yaml").read_text(encoding="utf-8")
    assert COMMITTED.read_text(encoding="utf-8") == fresh, "Run: scripts/check_openapi.py --write"


def test_every_address_is_told(document: Any) -> None:
    untold = {"api-schema", "api-docs", "api-nothing-here"}
    told = {path.removeprefix("/api/v1/") for path in document["paths"]}
    known = {
        str(pattern.pattern).replace("<str:", "{").replace(">", "}")
        for pattern in urlpatterns
        if pattern.name not in untold
    }
    assert told == known


def test_every_operation_has_a_name_and_a_summary(document: Any) -> None:
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    assert all(one.get("summary") for one in operations)


def _validator(document: Any, schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/projects/", "projects/"),
        ("/api/v1/projects/{slug}/", "projects/demo/"),
        ("/api/v1/projects/{slug}/members/", "projects/demo/members/"),
        ("/api/v1/projects/{slug}/members/{user}/", "projects/demo/members/ana/"),
        ("/api/v1/articles/", "articles/"),
        ("/api/v1/articles/{id}/", "articles/{article}/"),
        ("/api/v1/annotations/", "annotations/"),
        ("/api/v1/annotations/{id}/", "annotations/{claim}/"),
        ("/api/v1/relations/", "relations/"),
        ("/api/v1/relations/{id}/", "relations/{denies}/"),
        ("/api/v1/sources/", "sources/"),
        ("/api/v1/sources/{id}/", "sources/{mayor}/"),
        ("/api/v1/source-links/", "source-links/"),
        ("/api/v1/source-links/{id}/", "source-links/{said}/"),
        ("/api/v1/layers/", "layers/"),
        ("/api/v1/layers/{id}/", "layers/{layer}/"),
        ("/api/v1/changes/", "changes/?include=object"),
        ("/api/v1/problems/", "problems/"),
    ],
)
def test_answers_are_as_the_document_says(
    ana: Api, desk: factories.Desk, document: Any, path: str, address: str
) -> None:
    names = {"article": desk.article.id, "claim": desk.claim.id, "denies": desk.denies.id}
    names |= {"mayor": desk.mayor.id, "said": desk.said.id, "layer": desk.claim.layer}
    answer = ana.get(address.format(**names))
    assert answer.status_code == 200, answer.content
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert [error.message for error in _validator(document, schema).iter_errors(answer.json())] == []


@pytest.mark.parametrize(
    ("component", "address"),
    [
        ("Annotation", "annotations/{claim}/"),
        ("Relation", "relations/{denies}/"),
        ("Source", "sources/{mayor}/"),
        ("SourceLink", "source-links/{said}/"),
        ("Article", "articles/{article}/"),
        ("Layer", "layers/{layer}/"),
        ("Project", "projects/demo/"),
        ("Member", "projects/demo/members/ana/"),
    ],
)
def test_every_key_that_goes_out_is_told(
    ana: Api, desk: factories.Desk, document: Any, component: str, address: str
) -> None:
    names = {"article": desk.article.id, "claim": desk.claim.id, "denies": desk.denies.id}
    names |= {"mayor": desk.mayor.id, "said": desk.said.id, "layer": desk.claim.layer}
    told = document["components"]["schemas"][component]["properties"]
    outgoing = {name for name, schema in told.items() if not schema.get("writeOnly")}
    assert set(ana.get(address.format(**names)).json()) == outgoing


def test_the_document_is_served_to_all(db: None) -> None:
    answer = Api(None).get("schema/?format=json")
    assert answer.status_code == 200
    assert b'"openapi"' in answer.content


def test_the_page_has_no_inline_script_and_no_foreign_file(db: None) -> None:
    answer = Api(None).get(reverse("api-docs"))
    page = answer.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count("<script src=") == 2
    assert "http" not in page
    assert "unsafe" not in answer["Content-Security-Policy"]

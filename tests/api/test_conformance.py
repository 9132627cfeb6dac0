"""The API is asked what its own OpenAPI document lets one ask, and worse; every answer is one that the document tells.

schemathesis makes the cases from the document as it is served; they are asked in this process, without a server, and
are the same in every run. `FACTCHECK_CASES=200` makes so many for each operation, as it may be and as it must not
be, and asks as a manager too.
"""

import contextlib
import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from factcheck import services
from factcheck.wsgi import application
from tests import factories

CASES = int(os.environ.get("FACTCHECK_CASES", "1"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
SCHEMA = "/api/v1/schema/?format=json"


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let the application use the test's connection, as Django's own client does."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def _known(desk: factories.Desk) -> dict[str, Any]:
    """Return what is really there, by the name that parameters and fields have for it."""
    minutes = factories.source(desk.project, "Minutes", kind="document")
    text = services.source_texts.create(
        source_id=minutes.id, text="The bridge was checked.", by=factories.actor("ana")
    ).row
    review = services.reviews.create(
        thing="annotation", thing_id=uuid.UUID(desk.denial.id), decision="approve", by=factories.actor("rita")
    )
    asked = services.reviews.create(
        thing="annotation",
        thing_id=uuid.UUID(desk.claim.id),
        decision="ask",
        note="Who?",
        by=factories.actor("rita"),
    )
    answered = services.reviews.respond(
        review_id=uuid.UUID(asked.row.id), answer="answered", note="The mayor.", by=factories.actor("ana")
    )
    missed = services.proposed_annotations.create(
        layer_id=uuid.UUID(desk.claim.layer), tag="claim", spans=[(0, 10)], by=factories.actor("rita")
    )
    ids = {
        "articles": desk.article.id,
        "annotations": desk.claim.id,
        "relations": desk.denies.id,
        "sources": minutes.id,
        "source-links": desk.said.id,
        "layers": desk.claim.layer,
        "reviews": review.row.id,
        "review-responses": answered.row.id,
        "proposed-annotations": missed.row.id,
    }
    return {name: str(value) for name, value in ids.items()} | {
        "slug": "demo",
        "project": "demo",
        "user": "ben",
        "owner": "ben",
        "text_id": str(text.id),
        "article": str(desk.article.id),
        "reviewer": "rita",
        "review": asked.row.id,
        "annotation": desk.denial.id,
        "subject": desk.claim.id,
        "object": desk.denial.id,
        "related_to": desk.claim.id,
        "at": desk.claim.id,
        "source": str(desk.mayor.id),
        "into": str(desk.mayor.id),
        "on_behalf_of": str(minutes.id),
        "tag": "claim",
        "key": "q",
        "colour": "#00684f",
        "colour_dark": "#5fd3b0",
        "layer": "own",
        "format": "jsonl",
        "code": "stale",
        "spans": [{"start": 0, "end": 3}],
        "overlaps": "0-30",
        "article_version": str(desk.article.version_id),
    }


def _made_real(case: Any, known: dict[str, Any]) -> None:
    """Put what is really there in the place of what was made up, so that not every case ends with a 404."""
    collection = case.path.split("/")[3]
    for name in case.path_parameters:
        if name == "id":
            case.path_parameters[name] = known.get(collection, case.path_parameters[name])
        elif name == "name":
            part = case.path.split("/")[5]
            case.path_parameters[name] = {"tags": "claim", "relation-kinds": "denies"}.get(part, "wording")
        elif name in known:
            case.path_parameters[name] = known[name]
    if isinstance(case.query, dict):
        case.query.update({name: known[name] for name in case.query.keys() & known.keys()})
    if isinstance(case.body, dict):
        kind = {"kind": "about"} if collection == "relations" else {}
        case.body.update({name: value for name, value in (known | kind).items() if name in case.body})
        some = case.body.get("items") or case.body.get("pairs")
        for item in some if isinstance(some, list) else ():
            if isinstance(item, dict):
                item.update({name: known[name] for name in item.keys() & known.keys()})


def _ask(case: Any, headers: dict[str, str]) -> Any:
    """Ask, and leave everything as it was; what the database would say at the end of the request is heard too."""
    with transaction.atomic():
        answer = case.call(headers=headers)
        if answer.status_code < 400:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize("asker", ["ana", None, *(["mona"] if CASES > 1 else [])])
def test_every_answer_is_as_the_document_says(
    desk: factories.Desk, one_connection: None, asker: str | None
) -> None:
    known = _known(desk)
    headers = {}
    if asker is not None:
        _token, secret = services.tokens.create(user=factories.user(asker), name="cases", scope="write")
        headers["Authorization"] = f"Bearer {secret}"
    document = schemathesis.openapi.from_wsgi(SCHEMA, application)
    failures = []
    for found in document.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _all_cases(operation, mode, known, headers)
            except (Exception, BaseExceptionGroup) as failure:
                failures.append(f"{operation.method} {operation.path} ({mode.value}): {failure}")
    assert not failures, "\n\n".join(failures)


def _all_cases(operation: Any, mode: Any, known: dict[str, Any], headers: dict[str, str]) -> None:
    @settings(
        max_examples=2 * CASES if headers else 1,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real:
            _made_real(case, known)
        case.validate_response(_ask(case, headers), checks=CHECKS)

    with contextlib.suppress(Unsatisfiable):  # where nothing that is sent could be wrong
        ask()

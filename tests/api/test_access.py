"""Who may ask what: every address and method as each of the cast, signed out, and with tokens that do not serve."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from factcheck import services
from factcheck.api.urls import urlpatterns
from factcheck.models import Token
from tests import factories
from tests.api.client import Api, span

ASKERS = ("ana", "ben", "rita", "mona", "vic", "eve", "signed out", "reading")


NEW = {"spans": [{"start": 0, "end": 3}], "tag": "claim"}
LINK = {"annotation": "{denial}", "source": "{mayor}", "role": "speaker"}
ABOUT = {"kind": "about", "subject": "{claim}", "object": "{denial}"}
ARTICLE = {"project": "demo", "title": "A", "text": "B."}
TAG = {"title": "Question", "key": "q", "colour": "#00684f", "colour_dark": "#5fd3b0"}
# What is sent where something is; names in braces are parts of the desk, here and in the paths.
BODIES: dict[tuple[str, str], Any] = {
    ("api-projects", "POST"): {"slug": "new", "name": "N"},
    ("api-project", "PATCH"): {"name": "Other"},
    ("api-members", "POST"): {"user": "eve", "role": "viewer"},
    ("api-member", "PUT"): {"role": "reviewer"},
    ("api-tags", "POST"): TAG,
    ("api-tag", "PATCH"): {"title": "A claim"},
    ("api-tag-order", "PUT"): {"names": ["denial", "claim", "evidence"]},
    ("api-kinds", "POST"): {
        "title": "Quotes",
        "inverse_title": "Quoted",
        "key": "q",
        "pairs": [["claim", "claim"]],
    },
    ("api-kind", "PATCH"): {"title": "Denies it"},
    ("api-kind-order", "PUT"): {
        "names": ["about", "denies", "supports", "refutes", "context", "repeats", "contradicts"]
    },
    ("api-attributes", "POST"): {"tag": "claim", "title": "Audience", "kind": "text"},
    ("api-attribute", "PATCH"): {"title": "Wordings"},
    ("api-releases", "POST"): {"name": "v2"},
    ("api-articles", "POST"): ARTICLE,
    ("api-article", "PUT"): ARTICLE,
    ("api-article", "PATCH"): {"publisher": "P"},
    ("api-annotations", "POST"): NEW | {"article": "{article}"},
    ("api-annotations-bulk", "POST"): {"items": [NEW | {"op": "create", "article": "{article}"}]},
    ("api-annotation", "PUT"): NEW | {"article": "{article}"},
    ("api-annotation", "PATCH"): {"note": "Mine"},
    ("api-relations", "POST"): ABOUT,
    ("api-relations-bulk", "POST"): {
        "at": "{claim}",
        "kind": "about",
        "pairs": [{"subject": "{claim}", "object": "{denial}"}],
    },
    ("api-relation", "PUT"): ABOUT,
    ("api-relation", "PATCH"): {"note": "Mine"},
    ("api-sources", "POST"): {"project": "demo", "kind": "person", "name": "X"},
    ("api-source", "PUT"): {"project": "demo", "kind": "person", "name": "X"},
    ("api-source", "PATCH"): {"name": "Other"},
    ("api-source-merge", "POST"): {"into": "{idle}"},
    ("api-source-texts", "POST"): {"text": "Its words, edited."},
    ("api-source-links", "POST"): LINK,
    ("api-source-link", "PUT"): LINK,
    ("api-source-link", "PATCH"): {"as_named": "He"},
    ("api-source-link-move", "POST"): {"step": -1},
    ("api-layers", "POST"): {"article": "{article}", "owner": "ben"},
    ("api-layers-spread", "POST"): {
        "project": "demo",
        "articles": ["{article}"],
        "owners": ["ben"],
        "each": 1,
    },
    ("api-layer-hand-over", "POST"): {"owner": "ruben"},
    ("api-reviewers", "POST"): {"reviewer": "ruben"},
    ("api-reviews", "POST"): {"annotation": "{claim}", "decision": "approve"},
    ("api-reviews-whole", "POST"): {"annotation": "{claim}"},
    ("api-review-responses", "POST"): {"review": "{asked}", "answer": "answered", "note": "The mayor."},
    ("api-proposals", "POST"): NEW | {"layer": "{layer}"},
    ("api-proposal-refuse", "POST"): {"note": "No."},
    ("api-threads", "POST"): {"annotation": "{claim}", "body": "Well?"},
    ("api-thread", "PUT"): {"article": "{article}", "body": "Well?"},
    ("api-thread-comments", "POST"): {"body": "Yes."},
    ("api-comment", "PUT"): {"thread": "{thread}", "body": "Yes."},
    ("api-comment", "PATCH"): {"body": "No."},
    ("api-notices-seen", "POST"): {"notices": []},
}


def row(name: str, method: str, path: str, statuses: str) -> Any:
    """Make a row: the statuses in the order of ASKERS."""
    wanted = [int(status) for status in statuses.split()]
    assert len(wanted) == len(ASKERS), (name, method)
    return name, method, path, dict(zip(ASKERS, wanted, strict=True)), BODIES.get((name, method))


# `reading` is ana with a token that may only read.
# fmt: off
TABLE = [
    #                                                             ana ben rit mon vic eve out reading
    row("api-root", "GET", "", "                                 200 200 200 200 200 200 401 200"),
    row("api-projects", "GET", "projects/", "                    200 200 200 200 200 200 401 200"),
    row("api-projects", "POST", "projects/", "                   201 201 201 201 201 201 401 403"),
    row("api-project", "GET", "projects/demo/", "                200 200 200 200 200 404 401 200"),
    row("api-project", "PATCH", "projects/demo/", "              403 403 403 200 403 404 401 403"),
    row("api-members", "GET", "projects/demo/members/", "        200 200 200 200 200 404 401 200"),
    row("api-members", "POST", "projects/demo/members/", "       403 403 403 201 403 404 401 403"),
    row("api-member", "GET", "projects/demo/members/ben/", "     200 200 200 200 200 404 401 200"),
    row("api-member", "PUT", "projects/demo/members/ben/", "     403 403 403 200 403 404 401 403"),
    row("api-member", "DELETE", "projects/demo/members/ben/", "  403 403 403 204 403 404 401 403"),
    row("api-tags", "GET", "projects/demo/tags/", "              200 200 200 200 200 404 401 200"),
    row("api-tags", "POST", "projects/demo/tags/", "             403 403 403 201 403 404 401 403"),
    row("api-tag", "GET", "projects/demo/tags/claim/", "         200 200 200 200 200 404 401 200"),
    row("api-tag", "PATCH", "projects/demo/tags/claim/", "       403 403 403 200 403 404 401 403"),
    row("api-tag-retire", "POST", "projects/demo/tags/claim/retire/", "403 403 403 200 403 404 401 403"),
    row("api-tag-restore", "POST", "projects/demo/tags/claim/restore/", "403 403 403 200 403 404 401 403"),
    row("api-tag-order", "GET", "projects/demo/tag-order/", "    200 200 200 200 200 404 401 200"),
    row("api-tag-order", "PUT", "projects/demo/tag-order/", "    403 403 403 200 403 404 401 403"),
    row("api-kinds", "GET", "projects/demo/relation-kinds/", "   200 200 200 200 200 404 401 200"),
    row("api-kinds", "POST", "projects/demo/relation-kinds/", "  403 403 403 201 403 404 401 403"),
    row("api-kind", "GET", "projects/demo/relation-kinds/denies/", "200 200 200 200 200 404 401 200"),
    row("api-kind", "PATCH", "projects/demo/relation-kinds/denies/", "403 403 403 200 403 404 401 403"),
    row("api-kind-retire", "POST", "projects/demo/relation-kinds/denies/retire/", "403 403 403 200 403 404 401 403"),
    row("api-kind-restore", "POST", "projects/demo/relation-kinds/denies/restore/", "403 403 403 200 403 404 401 403"),
    row("api-kind-order", "GET", "projects/demo/relation-kind-order/", "200 200 200 200 200 404 401 200"),
    row("api-kind-order", "PUT", "projects/demo/relation-kind-order/", "403 403 403 200 403 404 401 403"),
    row("api-attributes", "GET", "projects/demo/attributes/", "  200 200 200 200 200 404 401 200"),
    row("api-attributes", "POST", "projects/demo/attributes/", " 403 403 403 201 403 404 401 403"),
    row("api-attribute", "GET", "projects/demo/attributes/wording/?tag=claim", "200 200 200 200 200 404 401 200"),
    row("api-attribute", "PATCH", "projects/demo/attributes/wording/?tag=claim", "403 403 403 200 403 404 401 403"),
    row("api-attribute-retire", "POST", "projects/demo/attributes/wording/retire/?tag=claim",
        "403 403 403 200 403 404 401 403"),
    row("api-attribute-restore", "POST", "projects/demo/attributes/tone/restore/",
        "403 403 403 200 403 404 401 403"),
    row("api-releases", "GET", "projects/demo/releases/", "      200 200 200 200 200 404 401 200"),
    row("api-releases", "POST", "projects/demo/releases/", "     403 403 403 201 403 404 401 403"),
    row("api-release", "GET", "projects/demo/releases/v1/", "    200 200 200 200 200 404 401 200"),
    row("api-release-zip", "GET", "projects/demo/releases/v1/zip/", "200 200 200 200 200 404 401 200"),
    row("api-release-file", "GET", "projects/demo/releases/v1/files/demo.csv/", "200 200 200 200 200 404 401 200"),
    row("api-articles", "GET", "articles/", "                    200 200 200 200 200 200 401 200"),
    row("api-articles", "POST", "articles/", "                   201 201 201 201 403 404 401 403"),
    row("api-article", "GET", "articles/{article}/", "           200 200 200 200 200 404 401 200"),
    row("api-article", "PUT", "articles/{new}/", "               201 201 201 201 403 404 401 403"),
    row("api-article", "PATCH", "articles/{article}/", "         200 200 200 200 403 404 401 403"),
    row("api-article-text", "GET", "articles/{article}/text/", " 200 200 200 200 200 404 401 200"),
    row("api-article-undo", "POST", "articles/{article}/undo/", "200 404 404 404 403 404 401 403"),
    row("api-article-map", "GET", "articles/{article}/map/", "   200 200 200 200 200 404 401 200"),
    row("api-article-map-csv", "GET", "articles/{article}/map.csv/", "200 200 200 200 200 404 401 200"),
    row("api-article-w3c", "GET", "articles/{article}/w3c/", "   200 200 200 200 200 404 401 200"),
    row("api-annotations", "GET", "annotations/", "              200 200 200 200 200 200 401 200"),
    row("api-annotations", "POST", "annotations/", "             201 201 201 201 403 404 401 403"),
    row("api-annotations-bulk", "POST", "annotations/bulk/", "   200 200 200 200 403 404 401 403"),
    row("api-annotation", "GET", "annotations/{claim}/", "       200 200 200 200 200 404 401 200"),
    row("api-annotation", "PUT", "annotations/{new}/", "         201 201 201 201 403 404 401 403"),
    row("api-annotation", "PATCH", "annotations/{claim}/", "     200 403 403 403 403 404 401 403"),
    row("api-annotation", "DELETE", "annotations/{claim}/", "    204 403 403 403 403 404 401 403"),
    row("api-annotation-restore", "POST", "annotations/{claim}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-relations", "GET", "relations/", "                  200 200 200 200 200 200 401 200"),
    row("api-relations", "POST", "relations/", "                 201 201 201 201 403 422 401 403"),
    row("api-relations-bulk", "POST", "relations/bulk/", "       200 200 200 200 403 404 401 403"),
    row("api-relation", "GET", "relations/{denies}/", "          200 200 200 200 200 404 401 200"),
    row("api-relation", "PUT", "relations/{new}/", "             201 201 201 201 403 422 401 403"),
    row("api-relation", "PATCH", "relations/{denies}/", "        200 403 403 403 403 404 401 403"),
    row("api-relation", "DELETE", "relations/{denies}/", "       204 403 403 403 403 404 401 403"),
    row("api-relation-restore", "POST", "relations/{denies}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-sources", "GET", "sources/", "                      200 200 200 200 200 200 401 200"),
    row("api-sources", "POST", "sources/", "                     201 201 201 201 403 404 401 403"),
    row("api-source", "GET", "sources/{mayor}/", "               200 200 200 200 200 404 401 200"),
    row("api-source", "PUT", "sources/{new}/", "                 201 201 201 201 403 404 401 403"),
    row("api-source", "PATCH", "sources/{mayor}/", "             200 200 200 200 403 404 401 403"),
    row("api-source", "DELETE", "sources/{idle}/", "             204 204 204 204 403 404 401 403"),
    row("api-source-restore", "POST", "sources/{idle}/restore/", "200 200 200 200 403 404 401 403"),
    row("api-source-merge", "POST", "sources/{mayor}/merge/", "  200 200 200 200 403 404 401 403"),
    row("api-source-unmerge", "POST", "sources/{merged}/unmerge/", "200 200 200 200 403 404 401 403"),
    row("api-source-texts", "GET", "sources/{minutes}/texts/", " 200 200 200 200 200 404 401 200"),
    row("api-source-texts", "POST", "sources/{minutes}/texts/", "201 201 201 201 403 404 401 403"),
    row("api-source-text", "GET", "sources/{minutes}/texts/{text}/text/", "200 200 200 200 200 404 401 200"),
    row("api-source-links", "GET", "source-links/", "            200 200 200 200 200 200 401 200"),
    row("api-source-links", "POST", "source-links/", "           201 403 403 403 403 404 401 403"),
    row("api-source-link", "GET", "source-links/{said}/", "      200 200 200 200 200 404 401 200"),
    row("api-source-link", "PUT", "source-links/{new}/", "       201 403 403 403 403 404 401 403"),
    row("api-source-link", "PATCH", "source-links/{said}/", "    200 403 403 403 403 404 401 403"),
    row("api-source-link", "DELETE", "source-links/{said}/", "   204 403 403 403 403 404 401 403"),
    row("api-source-link-restore", "POST", "source-links/{said}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-source-link-move", "POST", "source-links/{passed}/move/", "200 403 403 403 403 404 401 403"),
    row("api-layers", "GET", "layers/", "                        200 200 200 200 200 200 401 200"),
    row("api-layers", "POST", "layers/", "                       403 403 403 201 403 404 401 403"),
    row("api-layers-spread", "POST", "layers/spread/", "         403 403 403 200 403 404 401 403"),
    row("api-layer", "GET", "layers/{layer}/", "                 200 200 200 200 200 404 401 200"),
    row("api-layer-submit", "POST", "layers/{layer}/submit/", "  200 403 403 403 403 404 401 403"),
    row("api-layer-reopen", "POST", "layers/{done}/reopen/", "   403 200 403 200 403 404 401 403"),
    row("api-layer-excuse", "POST", "layers/{layer}/excuse/", "  403 403 403 200 403 404 401 403"),
    row("api-layer-hand-over", "POST", "layers/{layer}/hand-over/", "403 403 403 200 403 404 401 403"),
    row("api-reviewers", "GET", "articles/{article}/reviewers/", "200 200 200 200 200 404 401 200"),
    row("api-reviewers", "POST", "articles/{article}/reviewers/", "403 403 403 201 403 404 401 403"),
    row("api-reviewer", "GET", "articles/{other}/reviewers/ruben/", "200 200 200 200 200 404 401 200"),
    row("api-reviewer", "DELETE", "articles/{other}/reviewers/ruben/", "403 403 403 204 403 404 401 403"),
    row("api-review-queue", "GET", "review-queue/", "            200 200 200 200 200 200 401 200"),
    row("api-reviews", "POST", "reviews/", "                     403 403 201 201 403 404 401 403"),
    row("api-reviews-whole", "POST", "reviews/approve-whole/", " 403 403 200 200 403 404 401 403"),
    row("api-review-responses", "GET", "review-responses/", "    200 200 200 200 200 200 401 200"),
    row("api-review-responses", "POST", "review-responses/", "   201 403 403 403 403 404 401 403"),
    row("api-review-response", "GET", "review-responses/{said_to}/", "200 200 200 200 200 404 401 200"),
    row("api-proposals", "GET", "proposed-annotations/", "200 200 200 200 200 200 401 200"),
    row("api-proposals", "POST", "proposed-annotations/", "403 403 201 201 403 404 401 403"),
    row("api-proposal", "GET", "proposed-annotations/{missed}/", "200 200 200 200 200 404 401 200"),
    row("api-proposal", "DELETE", "proposed-annotations/{missed}/", "403 403 204 403 403 404 401 403"),
    row("api-proposal-take", "POST", "proposed-annotations/{missed}/take/", "200 403 403 403 403 404 401 403"),
    row("api-proposal-refuse", "POST", "proposed-annotations/{missed}/refuse/", "200 403 403 403 403 404 401 403"),
    row("api-reviews", "GET", "reviews/", "                      200 200 200 200 200 200 401 200"),
    row("api-review", "GET", "reviews/{review}/", "              200 200 200 200 200 404 401 200"),
    row("api-threads", "GET", "threads/", "                      200 200 200 200 200 200 401 200"),
    row("api-threads", "POST", "threads/", "                     201 201 201 201 403 404 401 403"),
    row("api-thread", "GET", "threads/{thread}/", "              200 200 200 200 200 404 401 200"),
    row("api-thread", "PUT", "threads/{new}/", "                 201 201 201 201 403 404 401 403"),
    row("api-thread-comments", "GET", "threads/{thread}/comments/", " 200 200 200 200 200 404 401 200"),
    row("api-thread-comments", "POST", "threads/{thread}/comments/", "201 201 201 201 403 404 401 403"),
    row("api-thread-resolve", "POST", "threads/{thread}/resolve/", "200 200 200 200 403 404 401 403"),
    row("api-thread-reopen", "POST", "threads/{thread}/reopen/", "200 200 200 200 403 404 401 403"),
    row("api-comments", "GET", "comments/", "                    200 200 200 200 200 200 401 200"),
    row("api-comment", "GET", "comments/{comment}/", "           200 200 200 200 200 404 401 200"),
    row("api-comment", "PUT", "comments/{new}/", "               201 201 201 201 403 404 401 403"),
    row("api-comment", "PATCH", "comments/{comment}/", "         200 403 403 403 403 404 401 403"),
    row("api-comment", "DELETE", "comments/{comment}/", "        204 403 403 403 403 404 401 403"),
    row("api-comment-restore", "POST", "comments/{comment}/restore/", "200 403 403 403 403 404 401 403"),
    row("api-notices", "GET", "notices/", "                      200 200 200 200 200 200 401 200"),
    row("api-notices-seen", "POST", "notices/seen/", "           200 200 200 200 200 200 401 403"),
    row("api-changes", "GET", "changes/", "                      200 200 200 200 200 200 401 200"),
    row("api-export", "GET", "exports/jsonl/?project=demo", "    200 200 200 200 200 404 401 200"),
    row("api-export", "GET", "exports/csv/?release={release}", " 200 200 200 200 200 404 401 200"),
    row("api-problems", "GET", "problems/", "                    200 200 200 200 200 200 200 200"),
    row("api-problem", "GET", "problems/stale/", "               200 200 200 200 200 200 200 200"),
    row("api-schema", "GET", "schema/", "                        200 200 200 200 200 200 200 200"),
    row("api-docs", "GET", "docs/", "                            200 200 200 200 200 200 200 200"),
    row("api-nothing-here", "GET", "nothing/", "                 404 404 404 404 404 404 404 404"),
]
# fmt: on


def _filled(value: Any, names: dict[str, str]) -> Any:
    """Put the desk's ids where a row names them."""
    if isinstance(value, str):
        for name, found in names.items():
            value = value.replace(f"{{{name}}}", found)
        return value
    if isinstance(value, dict):
        return {key: _filled(inner, names) for key, inner in value.items()}
    return [_filled(inner, names) for inner in value] if isinstance(value, list) else value


def _names(desk: factories.Desk) -> dict[str, str]:
    review = services.reviews.create(
        thing="annotation", thing_id=uuid.UUID(desk.denial.id), decision="approve", by=factories.actor("rita")
    )
    minutes = factories.source(desk.project, "Minutes", kind="document")
    captured = services.source_texts.create(
        source_id=minutes.id, text="Its words.", by=factories.actor("ana")
    ).row
    manager = factories.actor("mona")
    for act in ("add", "retire"):
        about = {"title": "Tone", "kind": "text"} if act == "add" else {"name": "tone"}
        getattr(services.attribute_schemas, act)(project_id=desk.project.pk, tag=None, by=manager, **about)
    merged = factories.source(desk.project, "Merged")
    kept = factories.source(desk.project, "Kept")
    services.merges.merge(source_id=merged.id, into=kept.id, by=factories.actor("ana"))
    release = services.releases.make(project_id=desk.project.pk, name="v1", by=factories.actor("mona"))
    thread = factories.thread(desk.claim, "Is that all?", by="ben")
    return {
        "release": str(release.id),
        "thread": thread.id,
        "comment": factories.comment(thread, "All.", by="ana").id,
        "minutes": str(minutes.id),
        "text": str(captured.id),
        "merged": str(merged.id),
        "new": str(uuid.uuid4()),
        "article": str(desk.article.id),
        "claim": desk.claim.id,
        "denial": desk.denial.id,
        "denies": desk.denies.id,
        "mayor": str(desk.mayor.id),
        "said": desk.said.id,
        "passed": factories.link(desk.claim, kept, role="via").id,
        "layer": desk.claim.layer,
        "idle": str(factories.source(desk.project, "Nobody's").id),
        "review": review.row.id,
        **_reviewed(desk),
    }


def _reviewed(desk: factories.Desk) -> dict[str, str]:
    """Ask something that is answered and something that is not, propose what was missed, end work elsewhere."""

    def ask(thing: str, key: str, by: str) -> str:
        made = services.reviews.create(
            thing=thing, thing_id=uuid.UUID(key), decision="ask", note="Why?", by=factories.actor(by)
        )
        return str(made.row.id)

    answered = services.reviews.respond(
        review_id=uuid.UUID(ask("relation", desk.denies.id, "mona")),
        answer="answered",
        note="So it says.",
        by=factories.actor("ana"),
    )
    missed = services.proposed_annotations.create(
        layer_id=uuid.UUID(desk.claim.layer), tag="claim", spans=[(0, 10)], by=factories.actor("rita")
    )
    other = factories.article(desk.project, title="Another", text="Another article.")
    done = factories.annotation(other, "Another article", by="ben").layer
    services.layers.submit(layer_id=uuid.UUID(done), by=factories.actor("ben"))
    services.reviewers.assign(article_id=other.id, reviewer="ruben", by=factories.actor("mona"))
    return {
        "asked": ask("annotation", desk.claim.id, "rita"),
        "said_to": answered.row.id,
        "missed": missed.row.id,
        "other": str(other.id),
        "done": done,
    }


def _asker(name: str) -> Api:
    if name == "signed out":
        return Api(None)
    return Api("ana", scope="read") if name == "reading" else Api(name)


def _said(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


@pytest.mark.parametrize("asker", ASKERS)
def test_each_of_the_cast_gets_what_the_table_says(desk: factories.Desk, asker: str) -> None:
    names = _names(desk)
    wrong = []
    for name, method, path, statuses, body in TABLE:
        # Each row is asked of the same desk: a write that succeeds is undone before the next.
        got = _asked_and_undone(_asker(asker), method, _filled(path, names), _filled(body, names))
        if got != statuses[asker]:
            wrong.append(f"{name}: {method} {path} is {got}, not {statuses[asker]}")
    assert wrong == []


def _asked_and_undone(api: Api, method: str, path: str, body: Any) -> int:
    with transaction.atomic():
        answer = api.ask(method, path, body)
        if method == "GET":
            _said(answer)
        transaction.set_rollback(True)
    status: int = answer.status_code
    if status >= 400:
        assert answer["Content-Type"] == "application/problem+json", (path, answer.content)
        if status == 401:
            assert answer["WWW-Authenticate"].startswith("Bearer")
        if status == 404:
            assert "demo" not in answer.json()["detail"]
    return status


def test_every_address_and_method_is_in_the_table() -> None:
    asked = {(name, method) for name, method, *_rest in TABLE}
    missing = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        view = getattr(pattern.callback, "view_class", None)
        methods = {
            method.upper() for method in ("get", "post", "put", "patch", "delete") if hasattr(view, method)
        }
        allowed = {method.upper() for method in getattr(view, "http_method_names", ["get"])}
        missing += [
            (pattern.name, method)
            for method in (methods or {"GET"}) & allowed
            if (pattern.name, method) not in asked
        ]
    assert missing == []


@pytest.mark.parametrize("name", ["expired", "revoked", "closed", "unknown", "empty", "long"])
def test_a_token_that_does_not_serve_is_401(desk: factories.Desk, name: str) -> None:
    user = factories.user("ana")
    token, secret = services.tokens.create(user=user, name="t", scope="write")
    if name == "expired":
        Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    elif name == "revoked":
        services.tokens.revoke(user=user, token_id=token.pk)
    elif name == "closed":
        user.is_active = False
        user.save()
    else:
        secret = {"unknown": "fc_unknown", "empty": "", "long": "fc_" + "x" * 5000}[name]
    answer = Api(None).ask("GET", "projects/", Authorization=f"Bearer {secret}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not_authenticated"


def test_the_session_serves_with_its_csrf_token(desk: factories.Desk) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(factories.user("ana"))
    assert browser.get("/api/v1/projects/").json()["results"][0]["slug"] == "demo"
    body = {"article": str(desk.article.id), "tag": "claim", "spans": [span(factories.TEXT, "The bridge")]}
    refused = browser.post("/api/v1/annotations/", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    browser.get("/api/v1/docs/")
    secret = browser.cookies[settings.CSRF_COOKIE_NAME].value
    made = browser.post(
        "/api/v1/annotations/", body, content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert made.status_code == 201


def test_the_use_of_a_token_is_noted_once_a_minute(desk: factories.Desk) -> None:
    api = Api("ana")
    tokens = Token.objects.filter(user__username="ana")
    api.get("projects/")
    first = tokens.get().last_used_at
    assert first is not None
    tokens.update(last_used_at=first - timedelta(seconds=30))
    api.get("projects/")
    assert tokens.get().last_used_at == first - timedelta(seconds=30)
    tokens.update(last_used_at=first - timedelta(seconds=90))
    api.get("projects/")
    assert tokens.get().last_used_at >= first

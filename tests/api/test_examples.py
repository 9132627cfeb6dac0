"""Every example in the OpenAPI document is a request that is really made, and what it is really answered."""

import json
import os
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from factcheck.api.schema_examples import KEPT
from tests import factories
from tests.api.client import Api

BEGIN = "0190b8b2-0000-7000-8000-0000000000"  # how the ids begin that the client brings
ARTICLE, OTHER = BEGIN + "0a", BEGIN + "0b"
CLAIM, DENIAL, PICTURE = BEGIN + "1a", BEGIN + "1b", BEGIN + "1c"
MAYOR, CITY, MINUTES, TWICE = BEGIN + "2a", BEGIN + "2b", BEGIN + "2c", BEGIN + "2d"
SAID, PASSED, DENIES = BEGIN + "3a", BEGIN + "3b", BEGIN + "3c"
MISSED = BEGIN + "4a"
ASKED, HEADLINE, REPLIED, SAID_TOO = BEGIN + "5a", BEGIN + "5b", BEGIN + "5c", BEGIN + "5d"
TEXT = "The bridge is closed\nThe mayor said it was checked in May. The builders denied any fault."
FACTS = {
    "project": "demo",
    "title": "The bridge is closed",
    "publisher": "The Post",
    "published_at": "2026-10-21",
}
LINK = {"annotation": CLAIM, "source": MAYOR, "role": "speaker", "as_named": "The mayor"}
TAG = {"title": "Question", "key": "q", "colour": "#00684f", "colour_dark": "#5fd3b0"}
KIND = {"title": "Quotes", "inverse_title": "Is quoted by", "key": "q", "pairs": [["claim", "claim"]]}

# Who asks, the operation, the method, the address and the body, in this order; `{name}` is kept from an earlier answer.
CALLS: list[tuple[str, str, str, str, Any]] = [
    ("ana", "root", "GET", "", None),
    (
        "mona",
        "projects_create",
        "POST",
        "projects/",
        {"slug": "spring", "name": "Spring", "settings": {"blind": True}},
    ),
    ("mona", "projects_list", "GET", "projects/?limit=1", None),
    ("mona", "projects_change", "PATCH", "projects/demo/", {"settings": {"approvals_needed": 2}}),
    ("ana", "projects_read", "GET", "projects/demo/", None),
    ("mona", "members_set", "POST", "projects/demo/members/", {"user": "eve", "role": "viewer"}),
    ("mona", "members_put", "PUT", "projects/demo/members/eve/", {"role": "annotator"}),
    ("ana", "members_read", "GET", "projects/demo/members/eve/", None),
    ("mona", "members_remove", "DELETE", "projects/demo/members/eve/", None),
    ("ana", "members_list", "GET", "projects/demo/members/?limit=2", None),
    ("mona", "tags_create", "POST", "projects/demo/tags/", TAG),
    ("ana", "tags_list", "GET", "projects/demo/tags/", None),
    ("ana", "tags_read", "GET", "projects/demo/tags/question/", None),
    ("mona", "tags_change", "PATCH", "projects/demo/tags/question/", {"title": "Open question"}),
    (
        "mona",
        "tags_order",
        "PUT",
        "projects/demo/tag-order/",
        {"names": ["claim", "denial", "question", "evidence"]},
    ),
    ("ana", "tags_order_read", "GET", "projects/demo/tag-order/", None),
    ("mona", "tags_retire", "POST", "projects/demo/tags/question/retire/", None),
    ("mona", "tags_restore", "POST", "projects/demo/tags/question/restore/", None),
    ("mona", "relation_kinds_create", "POST", "projects/demo/relation-kinds/", KIND),
    ("ana", "relation_kinds_list", "GET", "projects/demo/relation-kinds/", None),
    ("ana", "relation_kinds_read", "GET", "projects/demo/relation-kinds/quotes/", None),
    ("mona", "relation_kinds_change", "PATCH", "projects/demo/relation-kinds/quotes/", {"title": "Cites"}),
    ("mona", "relation_kinds_retire", "POST", "projects/demo/relation-kinds/quotes/retire/", None),
    ("mona", "relation_kinds_restore", "POST", "projects/demo/relation-kinds/quotes/restore/", None),
    (
        *("mona", "relation_kinds_order", "PUT", "projects/demo/relation-kind-order/"),
        {"names": ["denies", "quotes", "supports", "refutes", "context", "repeats", "contradicts", "about"]},
    ),
    ("ana", "relation_kinds_order_read", "GET", "projects/demo/relation-kind-order/", None),
    (
        *("mona", "attributes_create", "POST", "projects/demo/attributes/"),
        {"tag": "claim", "title": "Audience", "kind": "choice", "choices": ["voters", "everybody"]},
    ),
    ("ana", "attributes_list", "GET", "projects/demo/attributes/?tag=claim", None),
    ("ana", "attributes_read", "GET", "projects/demo/attributes/audience/?tag=claim", None),
    (
        "mona",
        "attributes_change",
        "PATCH",
        "projects/demo/attributes/audience/?tag=claim",
        {"title": "For whom"},
    ),
    ("mona", "attributes_retire", "POST", "projects/demo/attributes/audience/retire/?tag=claim", None),
    ("mona", "attributes_restore", "POST", "projects/demo/attributes/audience/restore/?tag=claim", None),
    ("ana", "articles_create", "POST", "articles/", FACTS | {"id": OTHER, "text": "Another text."}),
    ("ana", "articles_put", "PUT", f"articles/{ARTICLE}/", FACTS | {"text": TEXT}),
    ("ana", "articles_change", "PATCH", f"articles/{ARTICLE}/", {"byline": "A reporter"}),
    ("ana", "articles_read", "GET", f"articles/{ARTICLE}/", None),
    ("ana", "articles_list", "GET", "articles/?project=demo&limit=1", None),
    (
        *("ana", "annotations_create", "POST", "annotations/"),
        {"id": DENIAL, "article": ARTICLE, "tag": "denial", "spans": [{"start": 72, "end": 88}]},
    ),
    (
        *("ana", "annotations_put", "PUT", f"annotations/{CLAIM}/"),
        {
            "article": ARTICLE,
            "tag": "claim",
            "spans": [{"start": 36, "end": 57}],
            "exact": "it was checked in May",
        },
    ),
    ("ana", "annotations_change", "PATCH", f"annotations/{CLAIM}/", {"note": "By whom?"}),
    ("ana", "articles_undo", "POST", f"articles/{ARTICLE}/undo/", None),
    (
        *("ana", "annotations_bulk", "POST", "annotations/bulk/"),
        {
            "items": [
                {
                    "op": "create",
                    "id": PICTURE,
                    "article": ARTICLE,
                    "tag": "claim",
                    "spans": [{"start": 0, "end": 20}],
                },
                {"op": "update", "id": CLAIM, "revision": 3, "attributes": {"checkability": "checkable"}},
            ]
        },
    ),
    (
        "ana",
        "sources_create",
        "POST",
        "sources/",
        {"id": MAYOR, "project": "demo", "kind": "person", "name": "Mayor"},
    ),
    (
        "ana",
        "sources_put",
        "PUT",
        f"sources/{MINUTES}/",
        {"project": "demo", "kind": "document", "name": "Minutes"},
    ),
    (
        "ana",
        "sources_create",
        "POST",
        "sources/",
        {"id": TWICE, "project": "demo", "kind": "person", "name": "A. B."},
    ),
    ("ana", "sources_change", "PATCH", f"sources/{MAYOR}/", {"aliases": ["The mayor"]}),
    ("ana", "sources_read", "GET", f"sources/{MAYOR}/", None),
    ("ana", "sources_list", "GET", "sources/?project=demo&q=minutes", None),
    ("ana", "sources_merge", "POST", f"sources/{TWICE}/merge/", {"into": MAYOR}),
    ("ana", "sources_unmerge", "POST", f"sources/{TWICE}/unmerge/", None),
    ("ana", "sources_withdraw", "DELETE", f"sources/{TWICE}/", None),
    ("ana", "sources_restore", "POST", f"sources/{TWICE}/restore/", None),
    ("ana", "source_texts_create", "POST", f"sources/{MINUTES}/texts/", {"text": "It was checked on 3 May."}),
    ("ana", "source_texts_list", "GET", f"sources/{MINUTES}/texts/", None),
    ("ana", "source_links_create", "POST", "source-links/", LINK | {"id": SAID}),
    ("ana", "source_links_put", "PUT", f"source-links/{PASSED}/", LINK | {"source": TWICE, "role": "via"}),
    ("ana", "source_links_change", "PATCH", f"source-links/{SAID}/", {"cue": [{"start": 31, "end": 35}]}),
    ("ana", "source_links_move", "POST", f"source-links/{PASSED}/move/", {"step": -1}),
    ("ana", "source_links_read", "GET", f"source-links/{SAID}/", None),
    ("ana", "source_links_list", "GET", f"source-links/?annotation={CLAIM}&role=speaker", None),
    ("ana", "source_links_withdraw", "DELETE", f"source-links/{PASSED}/", None),
    ("ana", "source_links_restore", "POST", f"source-links/{PASSED}/restore/", None),
    ("ana", "relations_create", "POST", "relations/", {"kind": "about", "subject": PICTURE, "object": CLAIM}),
    (
        *("ana", "relations_put", "PUT", f"relations/{DENIES}/"),
        {"kind": "denies", "subject": DENIAL, "object": CLAIM, "attributes": {"manner": "implied"}},
    ),
    ("ana", "relations_change", "PATCH", f"relations/{DENIES}/", {"attributes": {"manner": "explicit"}}),
    (
        *("ana", "relations_bulk", "POST", "relations/bulk/"),
        {
            "at": DENIAL,
            "kind": "about",
            "pairs": [{"subject": DENIAL, "object": end} for end in (CLAIM, PICTURE)],
        },
    ),
    ("ana", "relations_read", "GET", f"relations/{DENIES}/", None),
    ("ana", "relations_list", "GET", f"relations/?annotation={CLAIM}&kind=denies", None),
    ("ana", "relations_withdraw", "DELETE", f"relations/{DENIES}/", None),
    ("ana", "relations_restore", "POST", f"relations/{DENIES}/restore/", None),
    ("ana", "annotations_read", "GET", f"annotations/{CLAIM}/", None),
    ("ana", "annotations_list", "GET", f"annotations/?article={ARTICLE}&overlaps=30-40&q=checked", None),
    ("ana", "annotations_withdraw", "DELETE", f"annotations/{DENIAL}/", None),
    ("ana", "annotations_restore", "POST", f"annotations/{DENIAL}/restore/", None),
    ("ana", "articles_map", "GET", f"articles/{ARTICLE}/map/?gap=one_source", None),
    ("mona", "layers_assign", "POST", "layers/", {"article": ARTICLE, "owner": "ben"}),
    ("mona", "layers_list", "GET", f"layers/?article={ARTICLE}&owner=ben", None),
    ("mona", "layers_read", "GET", "layers/{layers_list}/", None),
    ("mona", "layers_excuse", "POST", "layers/{layers_list}/excuse/", None),
    ("mona", "layers_hand_over", "POST", "layers/{layers_list}/hand-over/", {"owner": "ruben"}),
    ("ana", "layers_list", "GET", f"layers/?article={ARTICLE}&owner=ana", None),
    ("ana", "layers_submit", "POST", "layers/{layers_list}/submit/", None),
    ("ana", "layers_reopen", "POST", "layers/{layers_list}/reopen/", None),
    ("mona", "reviewers_assign", "POST", f"articles/{ARTICLE}/reviewers/", {"reviewer": "rita"}),
    ("ana", "reviewers_list", "GET", f"articles/{ARTICLE}/reviewers/", None),
    ("ana", "reviewers_read", "GET", f"articles/{ARTICLE}/reviewers/rita/", None),
    ("mona", "reviewers_unassign", "DELETE", f"articles/{ARTICLE}/reviewers/rita/", None),
    ("rita", "review_queue_list", "GET", f"review-queue/?article={ARTICLE}&limit=2", None),
    (
        *("rita", "reviews_create", "POST", "reviews/"),
        {
            "annotation": CLAIM,
            "thing_version": 2,
            "decision": "change",
            "reason": "wrong_extent",
            "note": "Without the month.",
            "proposal": {"spans": [{"start": 36, "end": 50}]},
        },
    ),
    (
        "ana",
        "review_responses_create",
        "POST",
        "review-responses/",
        {"review": "{reviews_create}", "answer": "accepted"},
    ),
    ("ana", "review_responses_list", "GET", f"review-responses/?article={ARTICLE}", None),
    ("ana", "review_responses_read", "GET", "review-responses/{review_responses_list}/", None),
    ("rita", "reviews_approve_whole", "POST", "reviews/approve-whole/", {"annotation": DENIAL}),
    (
        *("rita", "proposed_annotations_create", "POST", "proposed-annotations/"),
        {"layer": "{layers_list}", "tag": "claim", "spans": [{"start": 58, "end": 89}], "note": "Missed."},
    ),
    (
        "ana",
        "proposed_annotations_take",
        "POST",
        "proposed-annotations/{proposed_annotations_create}/take/",
        {},
    ),
    (
        *("rita", "proposed_annotations_create", "POST", "proposed-annotations/"),
        {"id": MISSED, "layer": "{layers_list}", "tag": "claim", "spans": [{"start": 4, "end": 10}]},
    ),
    (
        "ana",
        "proposed_annotations_refuse",
        "POST",
        f"proposed-annotations/{MISSED}/refuse/",
        {"note": "A headline."},
    ),
    (
        "ana",
        "proposed_annotations_list",
        "GET",
        f"proposed-annotations/?article={ARTICLE}&state=refused",
        None,
    ),
    ("ana", "proposed_annotations_read", "GET", f"proposed-annotations/{MISSED}/", None),
    (
        *("rita", "proposed_annotations_create", "POST", "proposed-annotations/"),
        {"layer": "{layers_list}", "tag": "claim", "spans": [{"start": 0, "end": 10}]},
    ),
    (
        "rita",
        "proposed_annotations_withdraw",
        "DELETE",
        "proposed-annotations/{proposed_annotations_create}/",
        None,
    ),
    ("rita", "reviews_list", "GET", f"reviews/?annotation={DENIAL}", None),
    ("rita", "reviews_read", "GET", "reviews/{reviews_list}/", None),
    (
        "mona",
        "layers_spread",
        "POST",
        "layers/spread/",
        {"project": "demo", "articles": [OTHER], "owners": ["ben", "ruben"], "each": 1},
    ),
    (
        *("rita", "threads_create", "POST", "threads/"),
        {"id": ASKED, "annotation": CLAIM, "body": "Is that all he said, @ana?"},
    ),
    (
        "rita",
        "threads_put",
        "PUT",
        f"threads/{HEADLINE}/",
        {"article": ARTICLE, "body": "Is this the headline?"},
    ),
    ("ana", "notices_list", "GET", "notices/?seen=0&limit=1", None),
    ("ana", "notices_seen", "POST", "notices/seen/", {"notices": ["{notices_list}"]}),
    (
        *("ana", "thread_comments_create", "POST", f"threads/{ASKED}/comments/"),
        {"id": REPLIED, "body": "One sentence more, @rita."},
    ),
    (
        "ana",
        "comments_put",
        "PUT",
        f"comments/{SAID_TOO}/",
        {"thread": ASKED, "body": "Two, to be exact."},
    ),
    ("ana", "comments_change", "PATCH", f"comments/{REPLIED}/", {"body": "Some sentences more, @rita."}),
    ("ana", "comments_read", "GET", f"comments/{REPLIED}/", None),
    ("ana", "comments_list", "GET", "comments/?project=demo&mentions=rita", None),
    ("rita", "thread_comments_list", "GET", f"threads/{ASKED}/comments/?limit=2", None),
    ("ana", "comments_withdraw", "DELETE", f"comments/{SAID_TOO}/", None),
    ("ana", "comments_restore", "POST", f"comments/{SAID_TOO}/restore/", None),
    ("rita", "threads_resolve", "POST", f"threads/{ASKED}/resolve/", None),
    ("rita", "threads_reopen", "POST", f"threads/{ASKED}/reopen/", None),
    ("ana", "threads_read", "GET", f"threads/{ASKED}/", None),
    ("ana", "threads_list", "GET", f"threads/?annotation={CLAIM}&resolved=0", None),
    ("ana", "changes_list", "GET", "changes/?project=demo&type=relation&limit=1&include=object", None),
    (
        "mona",
        "releases_create",
        "POST",
        "projects/demo/releases/",
        {"name": "v1.0", "note": "For the report."},
    ),
    ("ana", "releases_list", "GET", "projects/demo/releases/", None),
    ("ana", "releases_read", "GET", "projects/demo/releases/v1.0/", None),
    ("ana", "problems_list", "GET", "problems/", None),
    ("ana", "problems_read", "GET", "problems/stale/", None),
]
# What is no JSON on either side, or another issue's.
BARE = {
    *("articles_text", "articles_map_csv", "source_texts_text", "exports_read"),
    *("articles_container", "releases_file", "releases_archive"),
    *(
        "members_remove",
        "annotations_withdraw",
        "relations_withdraw",
        "sources_withdraw",
        "source_links_withdraw",
        "reviewers_unassign",
        "proposed_annotations_withdraw",
        "comments_withdraw",
    ),
}
_OF_THE_RUN = ("cursor", "position", "size")
_CHANGING = (
    (re.compile(r"^0190b8b2-0000-7000-8000-0000000000.."), None),
    (re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"), "an id"),
    (re.compile(r"^\d{4}-\d\d-\d\dT"), "a time"),
    (re.compile(r"^[0-9a-f]{64}$"), "a hash"),
    (re.compile(r"^http://testserver/.*(after|before)="), "an address"),
)


def alike(value: Any) -> Any:
    """Put the same in the place of what is another one in every run."""
    if isinstance(value, dict):
        return {name: name if name in _OF_THE_RUN else alike(one) for name, one in value.items()}
    if isinstance(value, list):
        return [alike(one) for one in value]
    for pattern, name in _CHANGING:
        if isinstance(value, str) and pattern.match(value):
            return value if name is None else name
    return value


def named(value: Any, names: dict[str, str]) -> Any:
    """Put the ids of earlier answers where a body names them."""
    if isinstance(value, dict):
        return {name: named(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [named(one, names) for one in value]
    return value.format(**names) if isinstance(value, str) else value


@pytest.mark.django_db
def test_the_examples_are_true() -> None:
    factories.project("demo")
    kept: dict[str, Any] = {}
    names: dict[str, str] = {}
    askers = {name: Api(name) for name in ("ana", "mona", "rita")}
    for who, operation, method, path, body in CALLS:
        if body is not None:
            body = named(body, names)
        answer = askers[who].ask(method, path.format(**names), body)
        assert answer.status_code < 300, (operation, answer.content)
        example: dict[str, Any] = {"status": answer.status_code}
        if body is not None:
            example["request"] = body
        if answer.content:
            example["answer"] = answer.json()
            if isinstance(example["answer"], dict):
                one = (example["answer"].get("results") or [example["answer"]])[0]
                names[operation] = str(one.get("id"))
        if operation not in BARE:
            kept.setdefault(operation, example)
    if os.environ.get("WRITE_EXAMPLES") == "1":
        KEPT.write_text(
            json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )
    shown = json.loads(KEPT.read_text(encoding="utf-8"))
    assert {name: alike(one) for name, one in shown.items()} == {
        name: alike(one) for name, one in kept.items()
    }


def test_every_operation_has_an_example_that_is_as_the_document_says() -> None:
    document = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))
    shown = json.loads(KEPT.read_text(encoding="utf-8"))
    wrong = []
    for operations in document["paths"].values():
        for operation in operations.values():
            name = operation["operationId"]
            if name in BARE:
                continue
            assert name in shown, f"{name} has no example: add it to CALLS, and run with WRITE_EXAMPLES=1"
            bodies = (
                operation.get("requestBody", {}).get("content", {}),
                (operation["responses"][str(shown[name]["status"])].get("content", {})),
            )
            for content in bodies:
                if "application/json" in content:
                    told = content["application/json"]
                    validator = Draft202012Validator({**told["schema"], "components": document["components"]})
                    wrong += [f"{name}: {error.message}" for error in validator.iter_errors(told["example"])]
    assert wrong == []

"""The scheme over the API: tags, relation kinds and attributes, and a new project with a scheme of its own."""

from typing import Any

import pytest

from tests import factories
from tests.api.client import Api, problem

TAG = {"title": "Open question", "key": "q", "colour": "#00684f", "colour_dark": "#5fd3b0"}


@pytest.fixture
def mona(desk: factories.Desk) -> Api:
    return Api("mona")


def _names(api: Api, part: str) -> list[str]:
    return [row["name"] for row in api.get(f"projects/demo/{part}/").json()["results"]]


def test_a_tag_is_added_changed_retired_and_brought_back(mona: Api, ana: Api, desk: factories.Desk) -> None:
    made = mona.post("projects/demo/tags/", TAG | {"line": "dotted"})
    assert made.status_code == 201, made.content
    address = made["Location"].removeprefix("http://testserver/api/v1/")
    assert address == "projects/demo/tags/open_question/"
    assert made.json() == TAG | {
        "name": "open_question",
        "line": "dotted",
        "description": "",
        "retired": False,
        "revision": 1,
    }
    assert made["ETag"] == '"1"'
    assert _names(mona, "tags") == ["claim", "denial", "evidence", "open_question"]
    changed = mona.patch(address, {"title": "Question", "name": "open_question"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["title"], changed["ETag"]) == (200, "Question", '"2"')
    stale = problem(mona.patch(address, {"title": "Late"}, If_Match='"1"'), 412, "stale")
    assert stale["present"] == changed.json()
    assert mona.get(address, If_None_Match='"2"').status_code == 304
    problem(mona.patch(address, {"name": "other"}), 409, "conflict", "name")
    tagged = {"article": str(desk.article.id), "tag": "open_question", "spans": [{"start": 0, "end": 3}]}
    assert ana.post("annotations/", tagged).status_code == 201
    retired = mona.post(f"{address}retire/")
    assert retired.json()["retired"] is True
    assert mona.post(f"{address}retire/").status_code == 200
    assert ana.post("annotations/", tagged).status_code == 422
    assert mona.post(f"{address}restore/").json()["retired"] is False
    problem(mona.post(f"{address}retire/", If_Match='"1"'), 412, "stale")
    assert mona.get("projects/demo/").json()["scheme"]["tags"][3]["name"] == "open_question"


def test_what_a_tag_cannot_be_is_said(mona: Api) -> None:
    problem(mona.post("projects/demo/tags/", TAG | {"key": "c"}), 409, "conflict", "key")
    problem(mona.post("projects/demo/tags/", TAG | {"name": "claim"}), 409, "conflict", "name")
    pale = problem(mona.post("projects/demo/tags/", TAG | {"colour": "#ffff00"}), 422, "invalid", "colour")
    assert pale["nearest"].startswith("#")
    problem(mona.post("projects/demo/tags/", {"title": "X"}), 422, "invalid", "key")
    problem(mona.get("projects/demo/tags/nothing/"), 404, "not_found")
    problem(mona.patch("projects/demo/tags/nothing/", {"title": "X"}), 404, "not_found")


def test_tags_and_kinds_are_put_into_another_order(mona: Api) -> None:
    for part, order in (("tags", "tag-order"), ("relation-kinds", "relation-kind-order")):
        seen = mona.get(f"projects/demo/{order}/")
        names = seen.json()["names"]
        turned = [*names[1:], names[0]]
        done = mona.put(f"projects/demo/{order}/", {"names": turned}, If_Match=seen["ETag"])
        assert done.json() == {"names": turned}
        assert _names(mona, part) == turned
        late = mona.put(f"projects/demo/{order}/", {"names": names}, If_Match=seen["ETag"])
        assert problem(late, 412, "stale")["present"] == {"names": turned}
        problem(mona.put(f"projects/demo/{order}/", {"names": names[1:]}), 422, "invalid", "order")
        assert mona.put(f"projects/demo/{order}/", {"names": names}, If_Match=done["ETag"]).status_code == 200


def test_a_relation_kind_is_added_with_its_pairs_and_changed(mona: Api, desk: factories.Desk) -> None:
    new = {
        "title": "Quotes",
        "inverse_title": "Is quoted by",
        "key": "q",
        "pairs": [["claim", "claim"], ["denial", "claim"]],
    }
    made = mona.post("projects/demo/relation-kinds/", new)
    assert made.status_code == 201, made.content
    assert made.json() == new | {
        "name": "quotes",
        "symmetric": False,
        "attributes": {"type": "object", "properties": {}, "additionalProperties": False},
        "retired": False,
        "revision": 1,
    }
    address = made["Location"].removeprefix("http://testserver/api/v1/")
    assert mona.patch(address, {"pairs": [["claim", "claim"]]}).json()["pairs"] == [["claim", "claim"]]
    problem(mona.patch(address, {"symmetric": True}), 409, "conflict", "symmetric")
    used = mona.patch("projects/demo/relation-kinds/denies/", {"pairs": [["denial", "evidence"]]})
    assert problem(used, 409, "conflict", "pairs")["relations"] == [desk.denies.id]
    problem(mona.patch(address, {"pairs": [["claim", "nothing"]]}), 422, "invalid", "pairs")
    assert mona.post(f"{address}retire/").json()["retired"] is True
    assert mona.post(f"{address}restore/").json()["retired"] is False


def test_an_attribute_is_added_changed_retired_and_brought_back(
    mona: Api, ana: Api, desk: factories.Desk
) -> None:
    new = {"tag": "claim", "title": "Audience", "kind": "choice", "choices": ["voters", "everybody"]}
    made = mona.post("projects/demo/attributes/", new)
    assert made.status_code == 201, made.content
    assert made.json() == new | {
        "name": "audience",
        "schema": {"type": "string", "enum": ["voters", "everybody"], "title": "Audience"},
        "retired": False,
        "version": 2,
    }
    address = made["Location"].removeprefix("http://testserver/api/v1/")
    assert address == "projects/demo/attributes/audience/?tag=claim"
    assert mona.get(address).json() == made.json()
    filled = ana.patch(f"annotations/{desk.claim.id}/", {"attributes": {"audience": "voters"}})
    assert filled.status_code == 200, filled.content
    changed = mona.patch(address, {"choices": ["voters", "nobody"]}, If_Match='"2"')
    assert (changed.json()["choices"], changed["ETag"]) == (["voters", "nobody"], '"3"')
    problem(mona.patch(address, {"title": "Late"}, If_Match='"2"'), 412, "stale")
    retire = address.replace("?", "retire/?")
    assert mona.post(retire).json()["retired"] is True
    problem(mona.post(retire), 404, "not_found")
    names = [row["name"] for row in mona.get("projects/demo/attributes/?tag=claim").json()["results"]]
    assert names[-1] == "audience"
    assert mona.post(address.replace("?", "restore/?")).json()["retired"] is False
    problem(mona.patch("projects/demo/attributes/audience/", {"title": "X"}), 404, "not_found")
    problem(mona.post("projects/demo/attributes/", new | {"tag": "nothing"}), 404, "not_found", "tag")
    problem(mona.post("projects/demo/attributes/", {"title": "X", "kind": None}), 422, "invalid", "kind")


def test_a_project_starts_with_the_scheme_of_another(mona: Api) -> None:
    mona.post("projects/demo/tags/", TAG)
    mona.post("projects/demo/tags/open_question/retire/")
    mona.post("projects/demo/attributes/", {"title": "Audience", "kind": "text"})
    scheme = mona.get("projects/demo/").json()["scheme"]
    made = mona.post(
        "projects/", {"slug": "second", "name": "S", "guidelines": "Be short.", "scheme": scheme}
    )
    assert made.status_code == 201, made.content
    assert made.json()["guidelines"] == "Be short."

    def told(one: Any) -> Any:
        return [row | {"pairs": sorted(row["pairs"])} if "pairs" in row else row for row in one]

    again = made.json()["scheme"]
    assert again["tags"] == scheme["tags"]
    assert told(again["relation_kinds"]) == told(scheme["relation_kinds"])
    by_tag = [{row["tag"]: row for row in some["attributes"]} for some in (again, scheme)]
    assert by_tag[0] == by_tag[1]
    assert (
        mona.post("projects/", {"slug": "third", "name": "T"}).json()["scheme"]["tags"][0]["name"] == "claim"
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s["tags"].clear(), "scheme.tags"),
        (lambda s: s["tags"][1].update(key="c"), "scheme.tags.1.key"),
        (lambda s: s["tags"][1].update(name="claim"), "scheme.tags.1.name"),
        (lambda s: s["tags"][0].update(colour="red"), "scheme.tags.0.colour"),
        (lambda s: s["tags"].extend(s["tags"][:1] * 300), "scheme.tags"),
        (lambda s: s["relation_kinds"][0].update(pairs=[]), "scheme.relation_kinds.0.pairs"),
        (lambda s: s["relation_kinds"][0].update(pairs=[["claim", "x"]]), "scheme.relation_kinds.0.pairs"),
        (
            lambda s: s["relation_kinds"][0].update(attributes={"$ref": "#"}),
            "scheme.relation_kinds.0.attributes",
        ),
        (lambda s: s["attributes"][0].update(tag="nothing"), "scheme.attributes.0.tag"),
        (lambda s: s["attributes"].append(s["attributes"][0]), "scheme.attributes.4.tag"),
        (
            lambda s: s["attributes"][0].update(
                schema={"properties": {"a": {"type": "string", "pattern": "(a+)+"}}}
            ),
            "scheme.attributes.0.schema.properties.a.pattern",
        ),
        (
            lambda s: s["attributes"][0].update(schema={"properties": {"a": {"$ref": "http://x"}}}),
            "scheme.attributes.0.schema.properties.a",
        ),
        (
            lambda s: s["attributes"][0].update(version=1, earlier=[{"version": 1, "schema": {}}]),
            "scheme.attributes.0.earlier.0.version",
        ),
    ],
)
def test_a_scheme_that_cannot_be_is_refused_where_it_is_wrong(mona: Api, change: Any, field: str) -> None:
    scheme = mona.get("projects/demo/").json()["scheme"]
    change(scheme)
    answer = mona.post("projects/", {"slug": "second", "name": "S", "scheme": scheme})
    assert answer.status_code in (409, 422), answer.content
    assert answer.json()["field"] == field, answer.json()
    problem(mona.get("projects/second/"), 404, "not_found")


def test_a_scheme_is_not_changed_as_a_whole(mona: Api) -> None:
    scheme = mona.get("projects/demo/").json()["scheme"]
    read = mona.get("projects/demo/").json()
    assert mona.patch("projects/demo/", read).json() == read
    scheme["tags"][0]["title"] = "Other"
    problem(mona.patch("projects/demo/", {"scheme": scheme}), 409, "conflict", "scheme")


def test_ones_last_act_in_an_article_is_undone(ana: Api, ben: Api, desk: factories.Desk) -> None:
    address = f"articles/{desk.article.id}/undo/"
    ana.patch(f"annotations/{desk.claim.id}/", {"note": "Hm."})
    assert ana.post(address).json() == {"undone": "update_annotation"}
    assert ana.get(f"annotations/{desk.claim.id}/").json()["note"] == ""
    problem(ben.post(address), 404, "not_found")


def test_a_hop_moves_along_its_chain(ana: Api, desk: factories.Desk) -> None:
    hops = []
    for name in ("First", "Second"):
        source = factories.source(desk.project, name)
        hops.append(factories.link(desk.claim, source, role="via").id)
    moved = ana.post(f"source-links/{hops[1]}/move/", {"step": -1})
    assert (moved.status_code, moved.json()["position"]) == (200, 1)
    problem(ana.post(f"source-links/{desk.said.id}/move/", {"step": 1}), 422, "invalid", "role")


def test_several_pairs_are_related_as_one_act(ana: Api, desk: factories.Desk) -> None:
    picture = factories.annotation(desk.article, "A photograph shows a crack", tag="evidence")
    pairs = [{"subject": picture.id, "object": end} for end in (desk.claim.id, desk.denial.id)]
    body = {"at": picture.id, "kind": "supports", "pairs": pairs}
    made = ana.post("relations/bulk/", body)
    assert [one["status"] for one in made.json()["results"]] == [201, 201], made.content
    assert ana.post(f"articles/{desk.article.id}/undo/").status_code == 200
    assert ana.get(f"relations/?subject={picture.id}").json()["results"] == []
    pairs[1]["object"] = picture.id
    assert ana.post("relations/bulk/", body).status_code == 422

"""The way back from a JSON-LD export to lines of the interchange format, as docs/formats.md tells it."""

import re
from operator import itemgetter

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LINK_TEXTS = ("as_named", "url", "quote", "locator", "accessed_at", "archive_url", "note")


def id_in(iri):
    """Return the one UUID in it."""
    [found] = _UUID.findall(iri)
    return found


def back_to_lines(document):
    """Return the lines, in order."""
    return [_line(page, document["project"]) for page in document["pages"]]


def _line(page, project):
    things = [one for one in page["items"] if one["motivation"] == "classifying"]
    relations = [one for one in page["items"] if one["motivation"] == "linking"]
    article = page["article"]
    texts = ("title", "url", "publisher", "byline", "published_at", "language", "file_name", "text")
    return {
        "format": 1,
        "project": project,
        "article": {
            "id": id_in(article["id"]),
            "direction": article["textDirection"],
            **{name: article.get(name, "") for name in texts},
        },
        "layers": page["layers"],
        "annotations": [_judged(one) | {"tag": _tag(one), "spans": _spans(one, article)} for one in things],
        "relations": [
            _judged(one)
            | {
                "kind": _tag(one),
                "subject": id_in(_linking(one)[0]["source"]),
                "object": id_in(one["target"][0]["id"]),
                "void": one.get("void", False),
            }
            for one in relations
        ],
        "sources": [_source(one) for one in page["sources"]],
        "source_texts": page["source_texts"],
        "source_links": sorted(
            (_link(link, one) for one in things for link in _linking(one)), key=itemgetter("id")
        ),
        "reviews": page["reviews"],
        "review_responses": page["review_responses"],
        "proposed_annotations": page["proposed_annotations"],
        "reviewers": page["reviewers"],
        "threads": page["threads"],
    }


def _made(thing):
    return {
        "created_by": thing["creator"]["nickname"],
        "created_at": thing["created"],
        "updated_at": thing["modified"],
    }


def _judged(thing):
    return {
        "id": id_in(thing["id"]),
        "layer": id_in(thing["layer"]),
        "note": "".join(body["value"] for body in thing["body"] if body["purpose"] == "commenting"),
        "attributes": thing["attributes"],
        "status": thing["status"],
        "version": thing["version"],
        **_made(thing),
    }


def _tag(thing):
    [tag] = [body["value"] for body in thing["body"] if body["purpose"] == "tagging"]
    return tag


def _linking(thing):
    return [body for body in thing["body"] if body["purpose"] == "linking"]


def _spans(thing, article):
    found = []
    for target in thing["target"]:
        assert target["source"] == article["id"]
        quote, position = target["selector"]
        found.append({"start": position["start"], "end": position["end"], "exact": quote["exact"]})
    return found


def _link(body, thing):
    return {
        "id": id_in(body["id"]),
        "layer": id_in(body["layer"]),
        "annotation": id_in(thing["id"]),
        "source": id_in(body["source"]),
        "on_behalf_of": id_in(body["on_behalf_of"]) if "on_behalf_of" in body else None,
        "cue": body.get("cue", []),
        "void": body.get("void", False),
        **{name: body.get(name) for name in ("role", "position", "stance", "passage", "status", "version")},
        **{name: body.get(name, "") for name in _LINK_TEXTS},
        **_made(body),
    }


def _source(node):
    return {
        "id": id_in(node["id"]),
        "kind": node["kind"],
        "aliases": node.get("aliases", []),
        "standing": node["standing"],
        **{name: node.get(name, "") for name in ("name", "description", "url")},
        **_made(node),
    }

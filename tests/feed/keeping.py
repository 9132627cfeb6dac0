"""A program that keeps a copy of a project: it begins with an export, follows the feed, and can be compared."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

Get = Callable[[str], Any]
Thing = dict[str, Any]

SECTIONS = {
    "layers": "layer",
    "annotations": "annotation",
    "relations": "relation",
    "sources": "source",
    "source_texts": "source_text",
    "source_links": "source_link",
    "reviews": "review",
    "review_responses": "review_response",
    "proposed_annotations": "proposed_annotation",
    "reviewers": "reviewer_assignment",
    "threads": "thread",
    "comments": "comment",
}
# Told by things of their own: the sources that each project is born with.
APART = {"standing"}
# Where a thing is read whose line came without it.
ADDRESSES = {
    "article": "articles",
    "layer": "layers",
    "annotation": "annotations",
    "relation": "relations",
    "source": "sources",
    "source_link": "source-links",
    "review": "reviews",
    "review_response": "review-responses",
    "proposed_annotation": "proposed-annotations",
    "thread": "threads",
    "comment": "comments",
}


def sections(line: Thing) -> dict[str, list[Thing]]:
    """Return what a line has of each kind; comments, which stand in their threads, by themselves."""
    found = {section: line[section] for section in SECTIONS if section in line}
    found["comments"] = [
        {"thread": thread["id"], **said} for thread in line["threads"] for said in thread["comments"]
    ]
    found["threads"] = [
        {key: thread[key] for key in thread if key != "comments"} for thread in line["threads"]
    ]
    return found


def exported(api: Any, project: str) -> tuple[list[Thing], str]:
    """Return the lines of an export and the cursor that belongs to it."""
    answer = api.get(f"exports/jsonl/?project={project}")
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content)
    return [json.loads(line) for line in body.splitlines()], answer["X-Feed-Cursor"]


class Copy:
    """What the program keeps: things by type and id, each with its article, and the project's own settings."""

    def __init__(self, lines: Iterable[Thing], cursor: str, project: str) -> None:
        self.cursor, self.slug = cursor, project
        self.project: Thing | None = None
        self.standing: dict[str, Thing] = {}
        self.things: dict[tuple[str, str], Thing] = {}
        self.told = 0
        for line in lines:
            self.project = line["project"]
            self.standing = {source["id"]: source for source in line["project"]["standing"]}
            article = line["article"]["id"]
            self.things["article", article] = line["article"]
            for section, things in sections(line).items():
                for thing in things:
                    self.things[SECTIONS[section], thing["id"]] = {"article": article, **thing}

    def pull(self, api: Any, *, limit: int = 1000, whole: bool = True, pages: int = 10_000) -> int:
        """Follow the feed to its present end, or for so many pages; return how many lines it had.

        `whole`: with the things themselves.
        """
        told = 0
        for page_left in reversed(range(pages)):
            include = "&include=object" if whole else ""
            answer = api.get(f"changes/?project={self.slug}&limit={limit}&after={self.cursor}{include}")
            assert answer.status_code == 200, answer.content
            page = answer.json()
            assert len(page["results"]) <= limit
            for line in page["results"]:
                if not whole and line["op"] != "delete":
                    line["object"] = self.read(api, line)
                    self.take_texts(api, line)
                self.take(api, line)
            told += len(page["results"])
            self.cursor = page["cursor"]
            if not page["more"] or page_left == 0:
                break
        self.told += told
        return told

    def read(self, api: Any, line: Thing) -> Thing | None:
        """Read a thing at its own address; None where there is none, or it is gone."""
        if line["type"] == "project":
            return dict(api.get(f"projects/{line['project']}/").json())
        if line["type"] == "reviewer_assignment":
            asked = api.all(f"articles/{line['article']}/reviewers/")
            return next((one for one in asked if one["id"] == line["id"]), None)
        if line["type"] not in ADDRESSES:
            return None
        answer = api.get(f"{ADDRESSES[line['type']]}/{line['id']}/")
        assert answer.status_code in (200, 404, 410), answer.content
        return dict(answer.json()) if answer.status_code == 200 else None

    def take_texts(self, api: Any, line: Thing) -> None:
        """Read the captured texts of a source, which have no address by their own id."""
        if line["type"] == "source" and line["object"] is not None:
            for text in api.get(f"sources/{line['id']}/texts/").json()["results"]:
                self.things["source_text", text["id"]] = self.with_words(api, "source_text", text)

    def take(self, api: Any, line: Thing) -> None:
        """Apply one line."""
        key = (line["type"], line["id"])
        if line["type"] == "project":
            if line["op"] == "delete":
                self.project, self.things, self.standing = None, {}, {}
            elif line["object"] is not None:
                self.project = line["object"]
        elif line["op"] == "delete":
            self.things.pop(key, None)
        elif line["object"] is not None:
            self.things[key] = self.with_words(api, line["type"], line["object"])
            if line["object"].get("standing") is True:
                self.standing[line["id"]] = line["object"]

    def with_words(self, api: Any, type: str, thing: Thing) -> Thing:
        """Add the words of a text, which stand at an address of their own and never change."""
        addresses = {
            "article": f"articles/{thing.get('id')}/text/",
            "source_text": f"sources/{thing.get('source')}/texts/{thing.get('id')}/text/",
        }
        if type not in addresses:
            return thing
        answer = api.get(addresses[type])
        return thing | {"text": answer.content.decode() if answer.status_code == 200 else None}

    def of(self, type: str) -> list[Thing]:
        return [thing for (kind, _id), thing in self.things.items() if kind == type]

    def differences(self, lines: list[Thing]) -> list[str]:
        """Say where the copy is not what the lines of a fresh export say, thing by thing and key by key."""
        found = []
        if lines:
            project = dict(lines[0]["project"])
            for source in project.pop("standing"):
                found += _different("standing source", self.standing.get(source["id"], {}), source)
            found += _different("project", self.project or {}, project)
        articles = {article["id"]: article for article in self.of("article")}
        found += _sets("articles", set(articles), {line["article"]["id"] for line in lines})
        here: dict[str, dict[str, list[Thing]]] = {}
        for type in set(SECTIONS.values()) - {"source", "source_text"}:
            for thing in self.of(type):
                here.setdefault(thing["article"], {}).setdefault(type, []).append(thing)
        for line in lines:
            article = line["article"]["id"]
            found += _different("article", articles.get(article, {}), line["article"])
            mine = here.get(article, {})
            mine["source"], mine["source_text"] = self.named(mine.get("source_link", []))
            for section, things in sections(line).items():
                type = SECTIONS[section]
                kept = {thing["id"]: thing for thing in mine.get(type, [])}
                fresh = {thing["id"]: thing for thing in things}
                found += _sets(section, set(kept), set(fresh))
                for id in kept.keys() & fresh.keys():
                    found += _different(type, kept[id], fresh[id])
        return found

    def named(self, links: list[Thing]) -> tuple[list[Thing], list[Thing]]:
        """Return the sources that these links name, and those of their texts that an export has."""
        ids = {link[key] for link in links for key in ("source", "on_behalf_of")} - {None}
        sources = [self.things["source", id] for id in ids if ("source", id) in self.things]
        wanted = {_passage(link["passage"])["text"] for link in links if link["passage"]}
        for source in {link["source"] for link in links}:
            of_it = [text for text in self.of("source_text") if text["source"] == source]
            wanted |= {text["id"] for text in sorted(of_it, key=lambda text: int(text["number"]))[-1:]}
        return sources, [
            self.things["source_text", id] for id in wanted if ("source_text", id) in self.things
        ]


def _sets(what: str, kept: set[str], fresh: set[str]) -> list[str]:
    told = [f"{what}: {id} is missing" for id in fresh - kept]
    return told + [f"{what}: {id} should be gone" for id in kept - fresh]


def _different(type: str, kept: Thing, fresh: Thing) -> Iterable[str]:
    for key, value in fresh.items():
        if type == "project" and key in APART:
            continue
        if _plain(key, kept.get(key, "(none)")) != _plain(key, value):
            yield f"{type} {kept.get('id', '')}: {key} is {kept.get(key, '(none)')!r}, not {value!r}"


def _plain(key: str, value: Any) -> Any:
    """Bring what the API and an export write differently into one form: times, and how a passage names its text."""
    if value and key.endswith("_at") and key not in ("published_at", "accessed_at", "captured_at"):
        return datetime.fromisoformat(value)
    return _passage(value) if key == "passage" and value else value


def _passage(passage: Thing) -> Thing:
    if "text_version" not in passage:
        return passage
    shown = {key: value for key, value in passage.items() if key not in ("text_version", "exact")}
    return {"text": passage["text_version"]["id"], **shown}

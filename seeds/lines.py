"""Collects what is marked in one article and gives it back as one line of the interchange format.

Ids and times are made from names alone, so building twice gives the same bytes. Offsets are code points,
and every quoted passage is looked up in the text: one that is not there, or stands there twice, is an error.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

Pairs = list[tuple[int, int]]
Place = str | tuple[int, int] | list["str | tuple[int, int]"]

PROJECT = {"slug": "demo", "name": "Demo desk", "settings": {"blind": False, "approvals_needed": 1}}
OWN_VOICE, UNNAMED = "own_voice", "unnamed"
STATUS_AFTER = {"approve": "approved", "change": "change_asked", "reject": "rejected", "ask": "pending"}


def uuid7(at: datetime, name: str) -> str:
    """Make the UUIDv7 that always belongs to this name at this time."""
    random = int.from_bytes(hashlib.sha256(name.encode()).digest()[:10], "big")
    milliseconds = round(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return str(UUID(int=value))


def instant(at: datetime) -> str:
    """Write a time as the interchange format has it."""
    return at.isoformat().replace("+00:00", "Z")


class Line:
    """One article with everything that belongs to it."""

    def __init__(self, *, file_name: str, text: str, at: datetime, **article: str) -> None:
        self.name = file_name.removesuffix(".txt")
        self.text = text
        self.clock = at
        self.article = {
            "id": uuid7(at, f"{self.name}/article"),
            "title": text.split("\n", 1)[0],
            "url": "",
            "publisher": "",
            "byline": "",
            "published_at": "",
            "language": "",
            **article,
            "file_name": file_name,
            "text": text,
        }
        self.layers: dict[str, dict[str, Any]] = {}
        self.annotations: dict[str, dict[str, Any]] = {}
        self.relations: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.links: dict[tuple[str, str, str], dict[str, Any]] = {}
        self.reviews: list[dict[str, Any]] = []
        born = datetime.fromisoformat("2026-01-05T08:00:00+00:00")
        self._source(OWN_VOICE, born, "own_voice", "The article itself", standing=True)
        self._source(UNNAMED, born, "unnamed", "Nobody named", standing=True)

    def _tick(self, name: str) -> tuple[str, datetime]:
        self.clock += timedelta(seconds=17)
        return uuid7(self.clock, f"{self.name}/{name}"), self.clock

    def place(self, place: Place) -> Pairs:
        """Give the spans of some words, or of offsets already known."""
        places = place if isinstance(place, list) else [place]
        return [self._find(one) if isinstance(one, str) else one for one in places]

    def _find(self, words: str) -> tuple[int, int]:
        start = self.text.find(words)
        if start < 0 or self.text.find(words, start + 1) >= 0:
            raise LookupError(f"{self.name}: {words!r} stands there {self.text.count(words)} times, not once")
        return start, start + len(words)

    def _source(
        self,
        key: str,
        at: datetime,
        kind: str,
        name: str,
        aliases: tuple[str, ...] = (),
        description: str = "",
        url: str = "",
        *,
        standing: bool = False,
    ) -> None:
        scope = "standing" if standing else self.name
        self.sources[key] = {
            "id": uuid7(at, f"{scope}/source/{key}"),
            "kind": kind,
            "name": name,
            "aliases": list(aliases),
            "description": description,
            "url": url,
            "standing": standing,
        }

    def source(
        self, key: str, kind: str, name: str, *aliases: str, description: str = "", url: str = ""
    ) -> None:
        """Add a source that this article's links use."""
        self._source(key, self._tick(f"source/{key}")[1], kind, name, aliases, description, url)

    def annotate(
        self, who: str, key: str, tag: str, place: Place, note: str = "", **attributes: object
    ) -> None:
        """Tag a place in somebody's layer; the layer is made at the first one."""
        if who not in self.layers:
            layer, _ = self._tick(f"layer/{who}")
            self.layers[who] = {"id": layer, "kind": "person", "owner": who, "state": "in_progress"}
        ident, at = self._tick(f"annotation/{key}")
        spans = [{"start": s, "end": e, "exact": self.text[s:e]} for s, e in self.place(place)]
        self.annotations[key] = {
            "id": ident,
            "layer": self.layers[who]["id"],
            "tag": tag,
            "spans": spans,
            "note": note,
            "attributes": attributes,
            **self._made(who, at),
        }

    def relate(self, who: str, subject: str, kind: str, object_: str, **attributes: str) -> None:
        """Relate two annotations of the article, in the layer of whoever says so."""
        ident, at = self._tick(f"relation/{who}/{subject}/{kind}/{object_}")
        self.relations[subject, kind, object_] = {
            "id": ident,
            "layer": self.layers[who]["id"],
            "kind": kind,
            "subject": self.annotations[subject]["id"],
            "object": self.annotations[object_]["id"],
            "attributes": attributes,
            "note": "",
            **self._made(who, at),
        }

    def link(
        self,
        annotation: str,
        role: str,
        source: str,
        as_named: str = "",
        cue: Place | None = None,
        on_behalf_of: str | None = None,
        *,
        position: int = 1,
        **document: str,
    ) -> None:
        """Say who spoke, whom it concerns or where it is shown, in the annotation's own layer."""
        ident, at = self._tick(f"source_link/{annotation}/{role}/{source}")
        thing = self.annotations[annotation]
        if as_named and as_named not in self.text:
            raise LookupError(f"{self.name}: nobody is named {as_named!r} in the text")
        self.links[annotation, role, source] = {
            "id": ident,
            "layer": thing["layer"],
            "annotation": thing["id"],
            "source": self.sources[source]["id"],
            "role": role,
            "position": position,
            "on_behalf_of": self.sources[on_behalf_of]["id"] if on_behalf_of else None,
            "as_named": as_named,
            "cue": [{"start": s, "end": e} for s, e in self.place(cue)] if cue else [],
            "stance": None,
            "url": "",
            "quote": "",
            "locator": "",
            "accessed_at": "",
            "archive_url": "",
            **document,
            **self._made(thing["created_by"], at),
        }

    def review(self, who: str, of: str, thing: Any, decision: str, reason: str = "", note: str = "") -> None:
        """Record a decision on an annotation, relation or source link, and the status that follows."""
        things: dict[str, dict[Any, dict[str, Any]]] = {
            "annotation": self.annotations,
            "relation": self.relations,
            "source_link": self.links,
        }
        judged = things[of][thing]
        ident, at = self._tick(f"review/{who}/{of}/{thing}")
        judged["status"] = STATUS_AFTER[decision]
        self.reviews.append(
            {
                "id": ident,
                of: judged["id"],
                "thing_version": 1,
                "decision": decision,
                "reason": reason,
                "note": note,
                "created_by": who,
                "created_at": instant(at),
            }
        )

    def _made(self, who: str, at: datetime) -> dict[str, object]:
        moment = instant(at)
        return {
            "created_by": who,
            "created_at": moment,
            "updated_at": moment,
            "status": "pending",
            "version": 1,
        }

    def as_json(self) -> str:
        """Write the line, standing sources included, ended by LF."""
        record = {
            "format": 1,
            "project": PROJECT,
            "article": self.article,
            "layers": list(self.layers.values()),
            "annotations": list(self.annotations.values()),
            "relations": list(self.relations.values()),
            "sources": list(self.sources.values()),
            "source_links": list(self.links.values()),
            "reviews": self.reviews,
        }
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"

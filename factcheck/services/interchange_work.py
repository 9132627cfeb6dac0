"""One line of the interchange format on its way in: its article, its layers, and which of its things are here already.

A thing with an id that is known here is known, whatever has become of it since. A thing without an id (or whose id is
only a name within the file) is known when one like it is here: the same article text and title, the same person's tag
on the same extent, and so on; two equal ones in the file are two here. So importing a file again changes nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.anchoring import spans
from factcheck.anchoring.canonical import OffsetMap
from factcheck.exceptions import Conflict, Invalid
from factcheck.models import Layer
from factcheck.models.fields import uuid7
from factcheck.queries.texts import Text
from factcheck.roles import Role
from factcheck.services import articles, interchange_rows
from factcheck.services.interchange_line import Item, as_uuid
from factcheck.services.interchange_project import People, Target
from factcheck.services.texts import MAX_NAME

PLURAL = {
    "layer": "layers",
    "annotation": "annotations",
    "relation": "relations",
    "source": "sources",
    "source_text": "source_texts",
    "source_link": "source_links",
    "review": "reviews",
    "review_response": "review_responses",
    "proposed_annotation": "proposed_annotations",
    "reviewer_assignment": "reviewers",
    "thread": "threads",
    "comment": "comments",
}


class Seen:
    """Which of the articles and things that some lines bring are here already, looked up for all lines at once."""

    def __init__(self, target: Target, works: "Sequence[Work]") -> None:
        self.articles = interchange_rows.articles([work.given for work in works if work.given is not None])
        contents = [work.content for work in works if work.given is None]
        self.alike = interchange_rows.articles_alike(target.project.pk, contents)
        self.things: dict[UUID, interchange_rows.Known] = {}
        self.places: dict[str, dict[UUID, tuple[UUID, UUID | None]]] = {}
        for kind in PLURAL:
            ids = [found for work in works for found in work.told_ids(kind)]
            if kind in interchange_rows.JUDGED:
                here = interchange_rows.known(kind, ids)
                self.things |= here
                self.places[kind] = {one.id: (one.project_id, one.article_id) for one in here.values()}
            else:
                self.places[kind] = interchange_rows.places(kind, ids)


class Work:
    """What one line comes to. `rows` are to be written, `made` and `known` count things by type.

    What stands in the layers is added by `interchange_things.Line`.
    """

    def __init__(self, target: Target, line: Item, *, local_ids: bool = False) -> None:
        self.target = target
        self.line = line
        # Names within the file, or within the line alone, in place of ids that are kept.
        self.names_only = local_ids or target.renew_ids
        self.shares_names = not local_ids
        self.now = timezone.now()
        self.people = People(target, self.now)
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in interchange_rows.COLUMNS}
        self.made: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self.ids: dict[str, dict[str, UUID]] = {kind: {} for kind in PLURAL}
        self.things: dict[UUID, interchange_rows.Known] = {}
        self.owners: dict[UUID, UUID | None] = {}
        self.own_layers: dict[UUID, UUID] = {}
        self.kinds_of_layers: dict[UUID, str] = {}
        self.alike: dict[str, interchange_rows.Alike] = {}
        self.seen: Seen

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is to be written."""
        return not any(self.rows.values())

    # -- ids ---------------------------------------------------------------------------------------

    def told_ids(self, kind: str) -> list[UUID]:
        """Return the ids that the line brings for its things of a kind."""
        return self._ids_of(self.line, PLURAL[kind])

    def _ids_of(self, item: Item, name: str) -> list[UUID]:
        if self.names_only:
            return []
        keys = (one.key("id") for one in item.items(name))
        return [found for key in keys if key and (found := as_uuid(key))]

    def _own_id(self, kind: str, item: Item) -> tuple[str, UUID | None, UUID | None]:
        """Return what the line calls a thing, the id of it that is here already, and the id that it brings."""
        key = item.key("id")
        if key is None:
            return f"{item.place} itself", None, None
        if key in self.ids[kind]:
            raise item.refuse("id", _("stands twice in the line."))
        if self.names_only:
            return key, None, None
        given = as_uuid(key)
        if given is None:
            raise item.refuse("id", _("must be a UUID, unless ids are renewed (--renew-ids)."))
        place = self.seen.places[kind].get(given)
        if place is None:
            return key, None, given
        if place[0] != self.target.project.pk or place[1] not in (None, self.article_id):
            raise item.refuse("id", _("belongs to something else; import with new ids (--renew-ids)."))
        return key, given, given

    def _same(self, kind: str, content: tuple[Any, ...]) -> UUID | None:
        """Return a thing that is here already and like one that has no id; each is told once."""
        if self.new_article:
            return None
        if kind not in self.alike:
            self.alike[kind] = interchange_rows.Alike(kind, self.article_id)
            self.things |= self.alike[kind].things
        return self.alike[kind].take(content)

    def _keep(self, kind: str, key: str, here: UUID | None, row: dict[str, Any] | None) -> UUID:
        """Take a thing as known, or its row as new."""
        if here is not None:
            self.ids[kind][key] = here
            self.known[PLURAL[kind]] += 1
            if kind in interchange_rows.JUDGED and here not in self.things:
                self.things[here] = self.seen.things[here]
            return here
        if row is None:
            raise AssertionError
        self.ids[kind][key] = row["id"]
        self.rows[kind].append(row)
        self.made[PLURAL[kind]] += 1
        if kind in interchange_rows.JUDGED:
            self.things[row["id"]] = interchange_rows.Known(
                *(row[name] for name in interchange_rows.Known._fields)
            )
        result: UUID = row["id"]
        return result

    def _base(self, item: Item, id: UUID | None) -> dict[str, Any]:
        """Return the columns that all things have."""
        created = item.instant("created_at", self.now)
        return {
            "id": id or uuid7(),
            "project_id": self.target.project.pk,
            "article_id": self.article_id,
            "created_at": created,
            "updated_at": item.instant("updated_at", created),
            "revision": 1,
        }

    def _judged(self, item: Item, id: UUID | None, maker: UUID, layer: UUID) -> dict[str, Any]:
        return self._base(item, id) | {
            "layer_id": layer,
            "note": item.text("note"),
            "status": "pending",
            "version": item.whole("version", 1),
            "created_by_id": maker,
        }

    def _extent(self, item: Item, name: str) -> spans.Extent:
        """Return spans as an extent of the canonical text; refuse other words than they are said to have."""
        pairs = item.pairs(name)
        try:
            mapped = [(self.offset(start), self.offset(end)) for start, end, _exact in pairs]
            extent = spans.extent_of(mapped, length=self.text.length)
        except Invalid as error:
            raise item.refuse(name, str(error)) from error
        for nth, ((start, end), (_start, _end, exact)) in enumerate(zip(mapped, pairs, strict=True)):
            there = self.text.text[start:end]
            if exact is not None and exact not in (there, there.replace("\n", "\r\n")):
                raise item.refuse(
                    f"{name}.{nth}.exact",
                    _("At %(start)s to %(end)s the article says “%(found)s”, not “%(given)s”.")
                    % {"start": start, "end": end, "found": there[:200], "given": str(exact)[:200]},
                )
        return extent

    # -- the article and its layers ----------------------------------------------------------------

    def read_article(self) -> None:
        """Check what the line tells of its article; nothing is looked up yet."""
        item = self.line.item("article")
        raw = item.text("text", None, most=10**9)
        text = articles.canonical_of(raw)
        self.offset = OffsetMap(raw)
        names = ("title", "url", "publisher", "byline", "published_at", "language")
        self.facts = articles.checked_facts(
            {name: item.text(name, None if name == "title" else "", most=10**6) for name in names}
        )
        key = item.key("id")
        self.given = None if key is None or self.names_only else as_uuid(key)
        if key is not None and self.given is None and not self.names_only:
            raise item.refuse("id", _("must be a UUID, unless ids are renewed (--renew-ids)."))
        self.title = self.facts["title"]
        self.text = Text(uuid7(), 1, text, hashlib.sha256(text.encode()).hexdigest(), len(text), ())

    @property
    def content(self) -> tuple[str, str]:
        """What makes two articles without ids the same: the title, and the hash of the text."""
        return self.title, self.text.sha256

    def _article(self) -> None:
        """Find the article here, or make its rows."""
        item = self.line.item("article")
        here = self._article_here(item)
        self.new_article = here is None
        if here is not None:
            self.article_id = here.id
            self._check_may_be_told()
            self.text = self.text._replace(version_id=here.version_id)
            self.known["articles"] += 1
            return
        told = articles.language_of(self.facts["language"], item.text("direction"), self.text.text)
        article = articles.new_article(
            self.target.project.pk,
            self.facts | told,
            by=self.target.by,
            id=self.given,
            file_name=item.text("file_name"),
        )
        version = articles.new_version(article, self.text.text, by=self.target.by)
        self.article_id = article.pk
        self.text = self.text._replace(version_id=version.pk)
        self.rows["article"] = [vars(article)]
        blocks, links = (orjson.dumps(found).decode() for found in (version.blocks, version.links))
        self.rows["article_version"] = [vars(version) | {"blocks": blocks, "links": links}]
        self.made["articles"] += 1

    def _article_here(self, item: Item) -> interchange_rows.Article | None:
        """Return the article when it is here already; refuse one of its id that is another."""
        if self.given is None:
            return self.seen.alike.get(self.content)
        here = self.seen.articles.get(self.given)
        if here is None:
            return None
        if here.project_id != self.target.project.pk:
            raise item.refuse("id", _("belongs to something else; import with new ids (--renew-ids)."))
        if here.sha256 != self.text.sha256:
            raise item.refuse("text", _("is not the text that this article has here; nothing was changed."))
        return here

    def _check_may_be_told(self) -> None:
        """Refuse an article with layers that are not open: what is known already would tell what stands in them."""
        target = self.target
        if target.operator or not target.project.blind:
            return
        if interchange_rows.has_hidden_layers(self.article_id, target.by.user_id):
            raise Conflict(
                _(
                    "This project is blind, and layers of this article are not open yet; bring it in once they are."
                ),
                field="article",
            )

    def _layer(self, item: Item) -> None:
        key, here, given = self._own_id("layer", item)
        kind = item.text("kind", Layer.Kind.PERSON)
        state = item.text("state", Layer.State.IN_PROGRESS)
        if kind not in Layer.Kind.values or state not in Layer.State.values:
            raise item.refuse(
                "kind" if kind not in Layer.Kind.values else "state", _("is no word that we know.")
            )
        if here is not None:
            self._layers()
            self._keep("layer", key, here, None)
            return
        owner = None if kind == Layer.Kind.REFERENCE else self._person(item, "owner")
        here = next((layer for layer, *of in self._layers() if of == [kind, owner]), None)
        row = None
        if here is None:
            row = self._base(item, given) | {
                "kind": kind,
                "owner_id": owner,
                "state": state,
                "submitted_at": item.maybe_instant("submitted_at"),
                "opened_at": item.maybe_instant("opened_at"),
                "excused_at": item.maybe_instant("excused_at"),
                "created_by_id": owner or self.target.by.user_id,
            }
        layer = self._keep("layer", key, here, row)
        if owner is not None and self.own_layers.setdefault(owner, layer) != layer:
            raise item.refuse("owner", _("has a layer in this article already."))
        self.owners[layer] = owner
        self.kinds_of_layers[layer] = kind

    def _layers(self) -> list[tuple[UUID, str, UUID | None]]:
        if self.new_article:
            return []
        if not hasattr(self, "layers_here"):
            self.layers_here = interchange_rows.layers(self.article_id)
            for layer, kind, owner in self.layers_here:
                self.owners.setdefault(layer, owner)
                self.kinds_of_layers[layer] = kind
                if kind == Layer.Kind.PERSON and owner is not None:
                    self.own_layers.setdefault(owner, layer)
        return self.layers_here

    def _layer_of(self, item: Item, maker: UUID) -> UUID:
        """Return the layer that an item names, or its maker's, which is made if need be."""
        key = item.key("layer")
        if key is not None:
            if key not in self.ids["layer"]:
                raise item.refuse("layer", _("There is no such layer in the line."))
            return self.ids["layer"][key]
        self._layers()
        if maker not in self.own_layers:
            row = self._base(Item({}, ""), None) | {
                "kind": Layer.Kind.PERSON,
                "owner_id": maker,
                "state": Layer.State.IN_PROGRESS,
                "created_by_id": maker,
            }
            self.own_layers[maker] = layer = self._keep("layer", f"of {maker}", None, row)
            self.owners[layer] = maker
        return self.own_layers[maker]

    def _kind_of_layer(self, item: Item) -> str:
        """Say of which kind the layer is that an item names."""
        key = item.key("layer")
        layer = None if key is None else self.ids["layer"].get(key)
        return Layer.Kind.PERSON.value if layer is None else self.kinds_of_layers[layer]

    def _person(self, item: Item, name: str, role: Role = Role.ANNOTATOR) -> UUID:
        try:
            return self.people.person(item.text(name, None, most=MAX_NAME), role)
        except Invalid as error:
            raise error if error.field else item.refuse(name, str(error)) from error

"""One line of the interchange format on its way in: its article, its layers, and which of its things are here already.

A thing with an id that is known here is known, whatever has become of it since. A thing without an id (or when ids
are renewed) is known when one like it is here: the same article text and title, the same person's tag on the same
extent, and so on. So importing a file again changes nothing.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck.anchoring.canonical import OffsetMap
from factcheck.exceptions import Invalid
from factcheck.models import Article, Layer
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
}


class Work:
    """What one line comes to. `rows` are to be written, `made` and `known` count things by type.

    What stands in the layers is added by `interchange_things.Line`.
    """

    def __init__(self, target: Target, line: Item) -> None:
        self.target = target
        self.line = line
        self.now = timezone.now()
        self.people = People(target, self.now)
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in interchange_rows.COLUMNS}
        self.made: Counter[str] = Counter()
        self.known: Counter[str] = Counter()
        self.ids: dict[str, dict[str, UUID]] = {kind: {} for kind in PLURAL}
        self.things: dict[UUID, interchange_rows.Known] = {}
        self.owners: dict[UUID, UUID | None] = {}
        self.own_layers: dict[UUID, UUID] = {}

    @property
    def is_empty(self) -> bool:
        return self.new_article is None and not any(self.rows.values())

    # -- ids ---------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Find out which of the line's ids are here already."""
        self.places: dict[str, dict[UUID, tuple[UUID, UUID | None]]] = {}
        self.alike: dict[str, dict[tuple[Any, ...], list[UUID]]] = {}
        for kind, plural in PLURAL.items():
            keys = [item.key("id") for item in self.line.items(plural)]
            given = (
                [] if self.target.renew_ids else [found for key in keys if key and (found := as_uuid(key))]
            )
            if kind in interchange_rows.JUDGED:
                here = interchange_rows.known(kind, given)
                self.things |= here
                self.places[kind] = {one.id: (one.project_id, one.article_id) for one in here.values()}
            else:
                self.places[kind] = interchange_rows.places(kind, given)

    def _own_id(self, kind: str, item: Item) -> tuple[str, UUID | None, UUID | None]:
        """Return what the line calls a thing, the id of it that is here already, and the id that it brings."""
        key = item.key("id")
        if key is None:
            return f"{item.place} itself", None, None
        if key in self.ids[kind]:
            raise item.refuse("id", _("stands twice in the line."))
        if self.target.renew_ids:
            return key, None, None
        given = as_uuid(key)
        if given is None:
            raise item.refuse("id", _("must be a UUID, unless ids are renewed (--renew-ids)."))
        place = self.places[kind].get(given)
        if place is None:
            return key, None, given
        if place[0] != self.target.project.pk or place[1] not in (None, self.article_id):
            raise item.refuse("id", _("belongs to something else; import with new ids (--renew-ids)."))
        return key, given, given

    def _same(self, kind: str, same: tuple[Any, ...]) -> UUID | None:
        """Return a thing that is here already and like one that has no id; each is told once."""
        if self.new_article is not None:
            return None
        if kind not in self.alike:
            self.alike[kind] = interchange_rows.alike(kind, self.article_id)
        found = self.alike[kind].get(same)
        return found.pop(0) if found else None

    def _keep(self, kind: str, key: str, here: UUID | None, row: dict[str, Any] | None) -> UUID:
        """Take a thing as known, or its row as new."""
        if here is not None:
            self.ids[kind][key] = here
            self.known[PLURAL[kind]] += 1
            if kind in interchange_rows.JUDGED and here not in self.things:
                self.things |= interchange_rows.known(kind, [here])
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

    # -- the article and its layers ----------------------------------------------------------------

    def _article(self) -> None:
        item = self.line.item("article")
        raw = item.text("text", None, most=10**9)
        text = articles.canonical_of(raw)
        self.offset = OffsetMap(raw)
        names = ("title", "url", "publisher", "byline", "published_at", "language")
        facts = articles.checked_facts(
            {name: item.text(name, None if name == "title" else "", most=10**6) for name in names}
        )
        key = item.key("id")
        given = None if key is None or self.target.renew_ids else as_uuid(key)
        if key is not None and given is None and not self.target.renew_ids:
            raise item.refuse("id", _("must be a UUID, unless ids are renewed (--renew-ids)."))
        article = articles.new_article(
            self.target.project.pk, facts, by=self.target.by, id=given, file_name=item.text("file_name")
        )
        self.new_version = articles.new_version(article, text, by=self.target.by)
        self.new_article: Article | None = None
        here = self._article_here(item, given, facts["title"], self.new_version.sha256)
        if here is not None:
            self.article_id, version_id = here
            self.known["articles"] += 1
        else:
            told = articles.language_of(facts["language"], item.text("direction"), text)
            article.language, article.direction = told["language"], told["direction"]
            self.article_id, version_id = article.pk, self.new_version.pk
            self.new_article = article
            self.made["articles"] += 1
        self.title = facts["title"]
        self.text = Text(version_id, 1, text, self.new_version.sha256, len(text), ())

    def _article_here(
        self, item: Item, given: UUID | None, title: str, sha256: str
    ) -> tuple[UUID, UUID] | None:
        """Return the article's id and present version when it is here already."""
        if given is None:
            alike = interchange_rows.article_alike(self.target.project.pk, title, sha256)
            return alike[:2] if alike else None
        here = interchange_rows.article_here(given)
        if here is None:
            return None
        if here[0] != self.target.project.pk:
            raise item.refuse("id", _("belongs to something else; import with new ids (--renew-ids)."))
        if here[2] != sha256:
            raise item.refuse("text", _("is not the text that this article has here; nothing was changed."))
        return given, here[1]

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
                "created_by_id": owner or self.target.by.user_id,
            }
        layer = self._keep("layer", key, here, row)
        if owner is not None and self.own_layers.setdefault(owner, layer) != layer:
            raise item.refuse("owner", _("has a layer in this article already."))
        self.owners[layer] = owner

    def _layers(self) -> list[tuple[UUID, str, UUID | None]]:
        if self.new_article is not None:
            return []
        if not hasattr(self, "layers_here"):
            self.layers_here = interchange_rows.layers(self.article_id)
            for layer, kind, owner in self.layers_here:
                self.owners.setdefault(layer, owner)
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

    def _person(self, item: Item, name: str, role: Role = Role.ANNOTATOR) -> UUID:
        try:
            return self.people.person(item.text(name, None, most=MAX_NAME), role)
        except Invalid as error:
            raise error if error.field else item.refuse(name, str(error)) from error

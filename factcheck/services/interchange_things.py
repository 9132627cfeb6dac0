"""What stands in the layers of a line: checked as the services check it, and made into rows."""

from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import selectors, spans
from factcheck.exceptions import Conflict, FactcheckError, Invalid
from factcheck.models import Review, Source, SourceLink
from factcheck.models.fields import extent_literal
from factcheck.permissions import workflow
from factcheck.roles import Role
from factcheck.services import attributes, interchange_rows, source_links, source_texts, sources
from factcheck.services.interchange_line import Item, as_uuid
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_work import Work


class Line(Work):
    """A line with all that is in it."""

    def __init__(self, target: Target, line: Item) -> None:
        super().__init__(target, line)
        self.ends: dict[UUID, interchange_rows.End] = {}
        self.decisions: dict[tuple[str, UUID], list[str]] = {}
        # Relations into a later line, and the decisions on those.
        self.waiting: list[Item] = []
        self.waiting_reviews: list[Item] = []

    def prepare(self) -> None:
        """Check everything in the line, and collect the rows to write."""
        self._article()
        self._look_up()
        for item in self.line.items("layers"):
            self._layer(item)
        for item in self.line.items("annotations"):
            self._at(item, self._annotation)
        for item in self.line.items("sources"):
            self._at(item, self._source)
        for item in self.line.items("source_texts"):
            self._at(item, self._source_text)
        for item in self.line.items("source_links"):
            self._at(item, self._source_link)
        for item in self.line.items("relations"):
            self._at(item, self._relation)
        for item in self.line.items("reviews"):
            self._at(item, self._review)

    def prepare_rest(self) -> None:
        """Do what waited for later lines: relations into them, and the decisions on those."""
        self.rows = {table: [] for table in self.rows}
        self.made.clear()
        self.known.clear()
        relations, self.waiting = self.waiting, []
        reviews, self.waiting_reviews = self.waiting_reviews, []
        for item in relations:
            self._at(item, self._relation)
        if self.waiting:
            item = self.waiting[0]
            raise item.refuse("object", _("There is no such annotation in the file nor in the project."))
        for item in reviews:
            self._at(item, self._review)

    def _at(self, item: Item, prepare: Any) -> None:
        """Say of every refusal where in the line it is."""
        try:
            prepare(item)
        except FactcheckError as error:
            if error.field is None or not error.field.startswith(item.place):
                error.field = f"{item.place}.{error.field}" if error.field else item.place
                error.detail = f"{item.place}: {error.detail}"
            raise

    # -- what stands in the layers -----------------------------------------------------------------

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

    def _judged(self, item: Item, id: UUID | None, maker: UUID, layer: UUID) -> dict[str, Any]:
        return self._base(item, id) | {
            "layer_id": layer,
            "note": item.text("note"),
            "status": "pending",
            "version": item.whole("version", 1),
            "created_by_id": maker,
        }

    def _annotation(self, item: Item) -> None:
        key, here, given = self._own_id("annotation", item)
        tag = item.text("tag", None)
        row = None
        if here is None:
            maker = self._person(item, "created_by")
            tag_id, extent = self.target.tag(tag), self._extent(item, "spans")
            literal = extent_literal(extent)
            here = None if given else self._same("annotation", (maker, tag_id, literal))
            if here is None:
                row = self._judged(item, given, maker, self._layer_of(item, maker))
                values, schema_version = self.target.checked_attributes(tag, item.data.get("attributes"))
                quote = selectors.describe(self.text.text, extent)
                row |= {
                    "article_version_id": self.text.version_id,
                    "text_length": self.text.length,
                    "tag_id": tag_id,
                    "extent": literal,
                    "pieces": list(spans.pieces(self.text.text, extent)),
                    "prefix": quote.prefix,
                    "suffix": quote.suffix,
                    "attributes": orjson.dumps(values).decode(),
                    "schema_version": schema_version,
                }
        annotation = self._keep("annotation", key, here, row)
        self.ends[annotation] = interchange_rows.End(annotation, self.article_id, tag)

    def _source(self, item: Item) -> None:
        kind = item.text("kind", None)
        if kind == Source.Kind.OWN_VOICE or item.data.get("standing") is True:
            if kind not in self.target.standing:
                raise item.refuse("kind", _("is not one that each project has of its own."))
            self.ids["source"][item.needed_key("id")] = self.target.standing[kind]
            return
        key, here, given = self._own_id("source", item)
        here = here or (self.target.sources.get(key) if self.target.renew_ids else None)
        names = ("kind", "name", "description", "url")
        facts = sources.checked_facts(
            {name: item.text(name, "" if name in ("description", "url") else None) for name in names}
            | {"aliases": item.data.get("aliases") or []}
        )
        if here is None and given is None:
            here = self.target.source_like(facts["kind"], facts["name"])
        row = None
        if here is None:
            maker = (
                self._person(item, "created_by") if item.data.get("created_by") else self.target.by.user_id
            )
            row = self._base(item, given) | facts | {"names": "", "standing": False, "created_by_id": maker}
        self._keep("source", key, here, row)

    def _source_text(self, item: Item) -> None:
        """Take a captured text; one of the same words that its source has already is the same."""
        key, here, given = self._own_id("source_text", item)
        source = self._source_at(item, "source")
        raw = item.text("text", None, most=10**9)
        made = source_texts.new_text(
            self.target.project.pk, source, source_texts.canonical_of(raw), by=self.target.by, id=given
        )
        alike = {one.sha256: one.id for one in interchange_rows.captured(source)}
        here = here or (self.target.source_texts.get(key) if self.target.renew_ids else None)
        here = here or (None if given else alike.get(made.sha256))
        facts = source_texts.checked_facts(
            {name: item.text(name) for name in ("url", "archive_url", "captured_at")}
        )
        row = None
        if here is None:
            row = (
                self._base(item, made.pk)
                | facts
                | {
                    "source_id": source,
                    "number": self._free_number(source, item.whole("number", 1)),
                    "text": made.text,
                    "sha256": made.sha256,
                    "length": made.length,
                    "created_by_id": self._person(item, "created_by")
                    if item.data.get("created_by")
                    else self.target.by.user_id,
                }
            )
        self._keep("source_text", key, here, row)

    def _free_number(self, source: UUID, wanted: int) -> int:
        taken = {one.number for one in interchange_rows.captured(source)}
        taken |= {row["number"] for row in self.rows["source_text"] if row["source_id"] == source}
        return wanted if wanted not in taken else max(taken) + 1

    def _passage(self, item: Item, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the columns of a link's passage; refuse one that is found where other words stand."""
        given = item.item("passage")
        if not given.data:
            return dict(source_texts.NO_PASSAGE)
        key = given.needed_key("text")
        text_id = self.ids["source_text"].get(key) or self.target.source_texts.get(key)
        if text_id is None:
            raise given.refuse("text", _("There is no such captured text in the line."))
        text = next((row["text"] for row in self.rows["source_text"] if row["id"] == text_id), None)
        text = queries.source_texts.words(text_id) if text is None else text
        start, end = given.data.get("start"), given.data.get("end")
        state = given.text("state", SourceLink.PassageState.FOUND)
        try:
            extent = spans.extent_of([(start, end)], length=len(text))
        except Invalid as error:
            raise item.refuse("passage", str(error)) from error
        there = selectors.describe(text, extent)
        if fields["role"] != SourceLink.Role.DOCUMENT or state not in SourceLink.PassageState.values:
            raise item.refuse("passage", _("is none of a document, or has a state that we do not know."))
        if fields["quote"] != there.exact:
            raise given.refuse(
                "text",
                _("At %(start)s to %(end)s it says “%(found)s”, not “%(given)s”.")
                % {"start": start, "end": end, "found": there.exact[:200], "given": fields["quote"][:200]},
            )
        return {
            "source_text_id": text_id,
            "source_text_length": len(text),
            "passage_start": start,
            "passage_end": end,
            "passage_prefix": there.prefix,
            "passage_suffix": there.suffix,
            "passage_state": state,
        }

    def _source_at(self, item: Item, name: str) -> UUID:
        key = item.needed_key(name)
        found = self.ids["source"].get(key) or self.target.sources.get(key)
        given = None if self.target.renew_ids else as_uuid(key)
        if found is None and given is not None:
            place = interchange_rows.places("source", [given]).get(given)
            found = given if place and place[0] == self.target.project.pk else None
        if found is None:
            raise item.refuse(name, _("There is no such source in the line nor in the project."))
        return found

    def _source_link(self, item: Item) -> None:
        key, here, given = self._own_id("source_link", item)
        row = None
        if here is None:
            annotation = self.ids["annotation"].get(item.needed_key("annotation"))
            if annotation is None:
                raise item.refuse("annotation", _("There is no such annotation in the line."))
            fields = self._link_fields(item)
            same = (
                annotation,
                *(fields[name] for name in ("source_id", "role", "on_behalf_of_id", "url", "quote")),
            )
            here = None if given else self._same("source_link", same)
            if here is None:
                layer = self.things[annotation].layer_id
                maker = (
                    self._person(item, "created_by")
                    if item.data.get("created_by")
                    else self.things[annotation].created_by_id
                )
                row = self._judged(item, given, maker, layer) | fields
                row |= {
                    "annotation_id": annotation,
                    "article_version_id": self.text.version_id,
                    "text_length": self.text.length,
                }
        self._keep("source_link", key, here, row)

    def _link_fields(self, item: Item) -> dict[str, Any]:
        names = ("as_named", "url", "quote", "locator", "accessed_at", "archive_url")
        given: dict[str, Any] = {name: item.text(name) for name in names}
        given |= {
            "role": item.text("role", None),
            "stance": item.text("stance"),
            "position": item.whole("position", 1),
        }
        fields = source_links.checked_fields(given, self.target.by, self.target.project.pk, self.text)
        fields["cue"] = extent_literal(self._extent(item, "cue")) if item.data.get("cue") else None
        fields["source_id"] = self._source_at(item, "source")
        body = item.key("on_behalf_of")
        fields["on_behalf_of_id"] = self._source_at(item, "on_behalf_of") if body is not None else None
        source_links.check_whole(fields)
        return fields | self._passage(item, fields)

    def _end(self, item: Item, name: str) -> interchange_rows.End | None:
        key = item.needed_key(name)
        found = self.ids["annotation"].get(key) or self.target.annotations.get(key)
        if found is None and not self.target.renew_ids:
            found = as_uuid(key)
        if found is None:
            return None
        if found not in self.ends and (end := interchange_rows.end(self.target.project.pk, found)):
            self.ends[found] = end
        return self.ends.get(found)

    def _relation(self, item: Item) -> None:
        key, here, given = self._own_id("relation", item)
        row = None
        if here is None:
            subject, object_ = self._end(item, "subject"), self._end(item, "object")
            if subject is None or subject.article_id != self.article_id:
                raise item.refuse("subject", _("There is no such annotation in this article."))
            if object_ is None:
                self.waiting.append(item)
                return
            name = item.text("kind", None)
            kind = self.target.kind(name)
            if (subject.tag, object_.tag) not in kind.pairs:
                raise Conflict(
                    _("The project does not allow “%(kind)s” from %(subject)s to %(object)s.")
                    % {"kind": name, "subject": subject.tag, "object": object_.tag},
                    field="kind",
                )
            maker = self._person(item, "created_by")
            layer = self._layer_of(item, maker)
            here = None if given else self._same("relation", (layer, kind.id, subject.id, object_.id))
            row = self._judged(item, given, maker, layer) | {
                "kind_id": kind.id,
                "is_symmetric": kind.symmetric,
                "subject_id": subject.id,
                "object_id": object_.id,
                "object_article_id": object_.article_id,
                "attributes": orjson.dumps(
                    attributes.check_relation(kind.schema, item.data.get("attributes"))
                ).decode(),
            }
        self._keep("relation", key, here, row)

    # -- decisions ---------------------------------------------------------------------------------

    def _review(self, item: Item) -> None:
        key, here, given = self._own_id("review", item)
        kinds = [kind for kind in interchange_rows.JUDGED if item.data.get(kind) is not None]
        if len(kinds) != 1:
            raise Invalid(_("A decision is about one annotation, one relation or one source link."))
        kind = kinds[0]
        thing_id = self.ids[kind].get(item.needed_key(kind))
        if thing_id is None:
            if kind == "relation" and item.needed_key(kind) in {one.key("id") for one in self.waiting}:
                self.waiting_reviews.append(item)
                return
            raise item.refuse(kind, _("There is no such thing in the line."))
        if here is not None:
            self._keep("review", key, here, None)
            return
        thing = self.things[thing_id]
        reviewer = self._person(item, "created_by", Role.REVIEWER)
        self._layers()
        if reviewer in (thing.created_by_id, self.owners.get(thing.layer_id)):
            raise item.refuse("created_by", _("Nobody decides on their own work."))
        version, decision = item.whole("thing_version", thing.version), item.text("decision", None)
        if version > thing.version:
            raise item.refuse("thing_version", _("There is no such version yet."))
        if decision not in Review.Decision.values:
            raise item.refuse("decision", _("must be approve, change, reject or ask."))
        here = None if given else self._same("review", (reviewer, thing_id, version, decision))
        proposal = item.data.get("proposal")
        row = self._base(item, given) | {
            "layer_id": thing.layer_id,
            f"{kind}_id": thing_id,
            "thing_version": version,
            "thing_author_id": thing.created_by_id,
            "reviewer_id": reviewer,
            "decision": decision,
            "reason": item.text("reason"),
            "note": item.text("note"),
            "proposal": None if proposal is None else orjson.dumps(proposal).decode(),
            "superseded_by": item.key("superseded_by"),
        }
        self._keep("review", key, here, row)
        if here is None and version == thing.version and row["superseded_by"] is None:
            self.decisions.setdefault((kind, thing_id), []).append(decision)

    def settle_new(self) -> set[tuple[str, UUID]]:
        """Give the new things the status that their decisions say; return the known ones that have new decisions."""
        for row in self.rows["review"]:
            key = row.pop("superseded_by")
            row["superseded_by_id"] = None if key is None else self.ids["review"].get(key)
            if key is not None and row["superseded_by_id"] is None:
                raise Invalid(
                    _("The decision %(id)s is superseded by one that is not in the line.")
                    % {"id": row["id"]},
                    field="reviews",
                )
        needed = self.target.project.approvals_needed
        fresh = {(kind, row["id"]): row for kind in interchange_rows.JUDGED for row in self.rows[kind]}
        for thing, decisions in self.decisions.items():
            if thing in fresh:
                fresh[thing]["status"] = workflow.status(decisions, approvals_needed=needed)
        known = set(self.decisions) - set(fresh)
        self.decisions = {}
        return known

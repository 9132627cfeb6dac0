"""The sources of a line, their captured texts and the links to them: checked as the services check them."""

from collections import Counter
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import selectors, spans
from factcheck.exceptions import Invalid
from factcheck.models import Source, SourceLink
from factcheck.models.fields import extent_literal
from factcheck.services import interchange_rows, source_links, source_texts, sources
from factcheck.services.interchange_line import Item, as_uuid
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_work import Work


class Sourced(Work):
    """A line with its article, layers and sources."""

    def __init__(self, target: Target, line: Item, *, local_ids: bool = False) -> None:
        super().__init__(target, line, local_ids=local_ids)
        self.named: Counter[tuple[str, str]] = Counter()
        self.taken: dict[UUID, None] = {}

    def _source(self, item: Item) -> None:
        kind = item.text("kind", None)
        if kind == Source.Kind.OWN_VOICE or item.data.get("standing") is True:
            if kind not in self.target.standing:
                raise item.refuse("kind", _("is not one that each project has of its own."))
            self.ids["source"][item.needed_key("id")] = self.target.standing[kind]
            return
        key, here, given = self._own_id("source", item)
        if self.names_only and self.shares_names:
            here = self.target.sources.get(key)
        names = ("kind", "name", "description", "url")
        facts = sources.checked_facts(
            {name: item.text(name, "" if name in ("description", "url") else None) for name in names}
            | {"aliases": item.data.get("aliases") or []}
        )
        if here is None and given is None:
            here = self._source_like(facts["kind"], facts["name"])
        row = None
        if here is None:
            maker = (
                self._person(item, "created_by") if item.data.get("created_by") else self.target.by.user_id
            )
            row = self._base(item, given) | facts | {"names": "", "standing": False, "created_by_id": maker}
        self._keep("source", key, here, row)

    def _source_like(self, kind: str, name: str) -> UUID | None:
        """Return the source of this kind and name that is meant: each id of a file means one of its own.

        Where ids are local to the line, the nth of a name in it is the nth of that name in the project.
        """
        found = self.target.same_names.get((kind, name), {})
        if not (self.names_only and self.shares_names):
            nth = self.named[kind, name]
            self.named[kind, name] += 1
            return next(islice(found, nth, None), None)
        like = next((one for one in found if one not in self.target.taken and one not in self.taken), None)
        if like is not None:
            self.taken[like] = None
        return like

    def _remember_sources(self) -> None:
        target = self.target
        for row in self.rows["source"]:
            same = target.same_names.setdefault((row["kind"], row["name"]), {})
            target.remember(same, {row["id"]: None})
            self.taken[row["id"]] = None
        if self.shares_names:
            target.remember(target.taken, self.taken)
            target.remember(target.sources, self.ids["source"])
            target.remember(target.source_texts, self.ids["source_text"])

    def _source_text(self, item: Item) -> None:
        """Take a captured text; one of the same words that its source has already is the same."""
        key, here, given = self._own_id("source_text", item)
        source = self._source_at(item, "source")
        raw = item.text("text", None, most=10**9)
        made = source_texts.new_text(
            self.target.project.pk, source, source_texts.canonical_of(raw), by=self.target.by, id=given
        )
        alike = {one.sha256: one.id for one in interchange_rows.captured(source)}
        if self.names_only and self.shares_names:
            here = self.target.source_texts.get(key)
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
        text_id = self.ids["source_text"].get(key)
        if text_id is None and self.shares_names:
            text_id = self.target.source_texts.get(key)
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
        found = self.ids["source"].get(key)
        if found is None and self.shares_names:
            found = self.target.sources.get(key)
        given = None if self.names_only else as_uuid(key)
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
            told = fields["source_id"]
            fields["source_id"] = self.target.survivor(told)
            if given is None:
                rest = [fields[name] for name in ("role", "on_behalf_of_id", "url", "quote")]
                here = self._same("source_link", (annotation, told, *rest))
                here = here or self._same("source_link", (annotation, fields["source_id"], *rest))
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
        fields["on_behalf_of_id"] = None
        if body is not None:
            fields["on_behalf_of_id"] = self.target.survivor(self._source_at(item, "on_behalf_of"))
        source_links.check_whole(fields)
        return fields | self._passage(item, fields)

"""What stands in the layers of a line: checked as the services check it, and made into rows."""

from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _

from factcheck.anchoring import selectors, spans
from factcheck.exceptions import Conflict, FactcheckError
from factcheck.models.fields import extent_literal
from factcheck.services import attributes, interchange_rows
from factcheck.services.interchange_line import Item, as_uuid
from factcheck.services.interchange_project import Kind, Target
from factcheck.services.interchange_talk import Talked


class Line(Talked):
    """A line with all that is in it."""

    def __init__(self, target: Target, line: Item, *, local_ids: bool = False) -> None:
        super().__init__(target, line, local_ids=local_ids)
        self.ends: dict[UUID, interchange_rows.End] = {}

    def prepare(self) -> None:
        """Check everything in the line, and collect the rows to write."""
        self._article()
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
        for item in self.line.items("review_responses"):
            self._at(item, self._response)
        for item in self.line.items("proposed_annotations"):
            self._at(item, self._proposed)
        for item in self.line.items("reviewers"):
            self._at(item, self._reviewer)
        for item in self.line.items("threads"):
            self._at(item, self._thread)

    def prepare_rest(self) -> None:
        """Do what waited for later lines: relations into them, and what was decided and said on those."""
        self.new_article = False
        self.rows = {table: [] for table in self.rows}
        self.made.clear()
        self.known.clear()
        relations, self.waiting = self.waiting, []
        reviews, self.waiting_reviews = self.waiting_reviews, []
        responses, self.waiting_responses = self.waiting_responses, []
        threads, self.waiting_threads = self.waiting_threads, []
        for item in relations:
            self._at(item, self._relation)
        if self.waiting:
            item = self.waiting[0]
            raise item.refuse("object", _("There is no such annotation in the file nor in the project."))
        for item in reviews:
            self._at(item, self._review)
        for item in responses:
            self._at(item, self._response)
        for item in threads:
            self._at(item, self._thread)

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

    def _annotation(self, item: Item) -> None:
        key, here, given = self._own_id("annotation", item)
        tag = self.target.tag(item.text("tag", None))
        row = None
        if here is None:
            maker = self._person(item, "created_by")
            tag_id, extent = self.target.tags[tag], self._extent(item, "spans")
            literal = extent_literal(extent)
            if given is None:
                kind = self._kind_of_layer(item)
                here = self._same("annotation", (kind, maker, tag_id, literal))
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

    def _end(self, item: Item, name: str) -> interchange_rows.End | None:
        key = item.needed_key(name)
        found = self.ids["annotation"].get(key)
        if found is None and self.shares_names:
            found = self.target.annotations.get(key) if self.names_only else as_uuid(key)
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
            if object_ is None and not self.shares_names:
                raise item.refuse("object", _("There is no such annotation in this article."))
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
            here = None if given else self._same_relation(kind, subject.id, object_.id)
            if here is None:
                maker = self._person(item, "created_by")
                values = attributes.check_relation(kind.schema, item.data.get("attributes"))
                row = self._judged(item, given, maker, self._layer_of(item, maker)) | {
                    "kind_id": kind.id,
                    "is_symmetric": kind.symmetric,
                    "subject_id": subject.id,
                    "object_id": object_.id,
                    "object_article_id": object_.article_id,
                    "attributes": orjson.dumps(values).decode(),
                }
        self._keep("relation", key, here, row)

    def _same_relation(self, kind: Kind, subject: UUID, object_: UUID) -> UUID | None:
        found = self._same("relation", (kind.id, subject, object_))
        return (
            self._same("relation", (kind.id, object_, subject)) if found is None and kind.symmetric else found
        )

    def remember(self) -> None:
        """Tell the lines to come what this one has told; the line is written."""
        self.people.keep()
        self._remember_sources()
        if self.names_only and self.shares_names:
            self.target.remember(self.target.annotations, self.ids["annotation"])

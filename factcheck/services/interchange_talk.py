"""The talk of a line: threads on the article and on what is marked in it, as rows. Nobody is told of it again."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from factcheck.exceptions import Invalid
from factcheck.services import comments
from factcheck.services.interchange_line import Item
from factcheck.services.interchange_project import Target
from factcheck.services.interchange_reviews import Reviewed

_ABOUT = ("annotation", "relation")


class Talked(Reviewed):
    """A line with its threads."""

    def __init__(self, target: Target, line: Item, *, local_ids: bool = False) -> None:
        super().__init__(target, line, local_ids=local_ids)
        # Those on relations into a later line.
        self.waiting_threads: list[Item] = []

    def told_ids(self, kind: str) -> list[UUID]:
        """Return the ids that the line brings for its things of a kind; comments stand in their threads."""
        if kind != "comment":
            return super().told_ids(kind)
        return [found for thread in self.line.items("threads") for found in self._ids_of(thread, "comments")]

    def _thread(self, item: Item) -> None:
        kinds = [kind for kind in _ABOUT if item.data.get(kind) is not None]
        if len(kinds) > 1:
            raise Invalid(_("A thread is about one thing: an annotation or a relation."))
        about: dict[str, UUID] = {}
        for kind in kinds:
            thing = self.ids[kind].get(item.needed_key(kind))
            if thing is None and kind == "relation" and self._waits(item):
                self.waiting_threads.append(item)
                return
            if thing is None:
                raise item.refuse(kind, _("There is no such thing in the line."))
            about[kind] = thing
        layer = next((self.things[thing].layer_id for thing in about.values()), None)
        thread = self._kept_thread(item, about, layer)
        said = list(item.items("comments"))
        if not said:
            raise item.refuse("comments", _("is missing."))
        for one in said:
            self._comment(one, thread, layer)

    def _waits(self, item: Item) -> bool:
        return item.needed_key("relation") in {one.key("id") for one in self.waiting}

    def _kept_thread(self, item: Item, about: dict[str, UUID], layer: UUID | None) -> UUID:
        key, here, given = self._own_id("thread", item)
        row = None
        if here is None:
            maker = self._person(item, "created_by")
            begun = item.needed_instant("created_at")
            if given is None:
                here = self._same("thread", (about.get("annotation"), about.get("relation"), maker, begun))
            if here is None:
                row = self._base(item, given) | self._resolved(item)
                row |= {
                    "layer_id": layer,
                    "annotation_id": about.get("annotation"),
                    "relation_id": about.get("relation"),
                    "created_by_id": maker,
                }
        return self._keep("thread", key, here, row)

    def _resolved(self, item: Item) -> dict[str, Any]:
        resolved = item.maybe_instant("resolved_at")
        by = None if resolved is None else self._person(item, "resolved_by")
        return {"resolved_at": resolved, "resolved_by_id": by}

    def _comment(self, item: Item, thread: UUID, layer: UUID | None) -> None:
        key, here, given = self._own_id("comment", item)
        row = None
        if here is None:
            maker = self._person(item, "created_by")
            said = item.needed_instant("created_at")
            here = None if given else self._same("comment", (thread, maker, said))
            if here is None:
                body = item.text("body", None, most=comments.MAX_BODY)
                if not body.strip():
                    raise item.refuse("body", _("must not be empty."))
                row = self._base(item, given) | {
                    "layer_id": layer,
                    "thread_id": thread,
                    "body": body,
                    "mentions": self._mentioned(item),
                    "edited_at": item.maybe_instant("edited_at"),
                    "created_by_id": maker,
                }
        self._keep("comment", key, here, row)

    def _mentioned(self, item: Item) -> list[str]:
        """Return whom a comment mentions: members, as all people of a line are."""
        told = item.data.get("mentions") or []
        if not isinstance(told, list) or not all(isinstance(name, str) for name in told):
            raise item.refuse("mentions", _("must be a list of usernames."))
        if len(told) > comments.MOST_MENTIONS:
            raise item.refuse(
                "mentions",
                _("A comment mentions at most %(most)s people.") % {"most": comments.MOST_MENTIONS},
            )
        people = [self._person(Item({"mentions": name}, item.place), "mentions") for name in told]
        return [str(person) for person in dict.fromkeys(people)]

"""What a manager does to the project's tags: add, change, order, retire and bring back; none is ever deleted."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from factcheck import colours
from factcheck.exceptions import Conflict, Invalid, NotFound
from factcheck.models import Tag
from factcheck.models.fields import uuid7
from factcheck.records import Actor
from factcheck.services import acts, identity, projects, schemes
from factcheck.services.texts import clean

MAX_DESCRIPTION = 1_000


def fixed_keys() -> dict[str, str]:
    """Return the keys that do something else while words are selected, with what they do."""
    fixed = {
        "s": _("link a source, with the selected words as its name"),
        "u": _("undo"),
        "?": _("show all keys"),
    }
    return fixed | dict.fromkeys("123456789", _("go to an attribute"))


def add(
    *,
    project_id: UUID,
    title: str,
    key: str,
    colour: str,
    colour_dark: str,
    by: Actor,
    name: str = "",
    line: str = Tag.Line.SOLID,
    description: str = "",
) -> Tag:
    """Add a tag, last in the order. Its name in data is made from the title unless it is given.

    Raises `Conflict` for a name or key that another has, `Invalid` for colours that cannot be read.
    """
    with transaction.atomic():
        projects.managed(project_id, by)
        tags = list(Tag.objects.filter(project_id=project_id))
        tag = Tag(id=uuid7(), project_id=project_id, position=1 + max((t.position for t in tags), default=0))
        tag.title = schemes.checked_title(title)
        tag.name = schemes.checked_name(name, title, {other.name: other.title for other in tags})
        tag.key = _key(key, tags)
        looks = checked_looks(colour=colour, colour_dark=colour_dark, line=line, description=description)
        for field, value in looks.items():
            setattr(tag, field, value)
        with acts.act("add_tag", project_id=project_id, by=by):
            tag.save(force_insert=True)
        return tag


def checked_looks(*, colour: str, colour_dark: str, line: str, description: str) -> dict[str, str]:
    """Return what a tag looks like and what it is for; raise `Invalid` for what cannot be read."""
    return {
        "colour": _colour(colour, 0),
        "colour_dark": _colour(colour_dark, 1),
        "line": _line(line),
        "description": clean(description, "description", max_length=MAX_DESCRIPTION),
    }


def change(
    *,
    project_id: UUID,
    name: str,
    by: Actor,
    expect: int | None = None,
    title: str | None = None,
    key: str | None = None,
    colour: str | None = None,
    colour_dark: str | None = None,
    line: str | None = None,
    description: str | None = None,
) -> Tag:
    """Change a tag; what is None stays, and so does the name, which data carry. No change is no act."""
    with transaction.atomic():
        tag, tags = _held(project_id, name, by)
        identity.check_unchanged(expect, tag.revision, tag)
        others = [other for other in tags if other.pk != tag.pk]
        wanted = {
            "title": None if title is None else schemes.checked_title(title),
            "key": None if key in (None, tag.key) else _key(str(key), others),
            "colour": None if colour in (None, tag.colour) else _colour(str(colour), 0),
            "colour_dark": None if colour_dark in (None, tag.colour_dark) else _colour(str(colour_dark), 1),
            "line": None if line is None else _line(line),
            "description": None
            if description is None
            else clean(description, "description", max_length=MAX_DESCRIPTION),
        }
        if changes := schemes.differing(tag, wanted):
            with acts.act("change_tag", project_id=project_id, by=by):
                Tag.objects.filter(pk=tag.pk).update(**changes)
            tag.refresh_from_db()
        return tag


def reorder(
    *, project_id: UUID, names: Sequence[str], by: Actor, expect: Sequence[str] | None = None
) -> list[str]:
    """Put the live tags into this order; `expect` is the order that the caller has seen."""
    with transaction.atomic():
        projects.managed(project_id, by)
        tags = list(Tag.objects.filter(project_id=project_id).order_by("position", "id"))
        live = {tag.name: tag for tag in tags if tag.retired_at is None}
        wanted = schemes.checked_order(list(live), names, expect)
        rows = [*(live[name] for name in wanted), *(tag for tag in tags if tag.retired_at is not None)]
        if wanted != list(live):
            with acts.act("reorder_tags", project_id=project_id, by=by):
                for position, tag in enumerate(rows, 1):
                    if tag.position != position:
                        Tag.objects.filter(pk=tag.pk).update(position=position)
        return wanted


def retire(*, project_id: UUID, name: str, by: Actor, expect: int | None = None) -> Tag:
    """Offer a tag no longer; what is tagged with it stays. The last live tag cannot be retired."""
    with transaction.atomic():
        tag, tags = _held(project_id, name, by)
        identity.check_unchanged(expect, tag.revision, tag)
        if tag.retired_at is None:
            if not any(other.retired_at is None for other in tags if other.pk != tag.pk):
                raise Conflict(_("A project keeps at least one tag; add another one first."), field="name")
            with acts.act("retire_tag", project_id=project_id, by=by):
                Tag.objects.filter(pk=tag.pk).update(retired_at=timezone.now())
            tag.refresh_from_db()
        return tag


def restore(*, project_id: UUID, name: str, by: Actor, expect: int | None = None) -> Tag:
    """Offer a retired tag again; raise `Conflict` when another tag has its key by now."""
    with transaction.atomic():
        tag, tags = _held(project_id, name, by)
        identity.check_unchanged(expect, tag.revision, tag)
        if tag.retired_at is not None:
            _key(tag.key, [other for other in tags if other.pk != tag.pk])
            with acts.act("restore_tag", project_id=project_id, by=by):
                Tag.objects.filter(pk=tag.pk).update(retired_at=None)
            tag.refresh_from_db()
        return tag


def _held(project_id: UUID, name: str, by: Actor) -> tuple[Tag, list[Tag]]:
    projects.managed(project_id, by)
    tags = list(Tag.objects.filter(project_id=project_id))
    tag = next((tag for tag in tags if tag.name == name), None)
    if tag is None:
        raise NotFound(_("The project has no tag %(tag)s.") % {"tag": name})
    return tag, tags


def _key(value: str, others: Sequence[Tag]) -> str:
    """Check a key against the live ones: that of a retired tag may be used again."""
    taken = {other.key: other.title for other in others if other.retired_at is None}
    return schemes.checked_key(value, taken=taken, fixed=fixed_keys())


def _line(value: str) -> str:
    if value not in Tag.Line.values:
        raise Invalid(
            _("There is no line %(line)s; known are: %(known)s.")
            % {"line": value, "known": ", ".join(Tag.Line.values)},
            field="line",
        )
    return value


def _colour(value: str, mode: int) -> str:
    """Return the colour of light (0) or dark (1) mode if a tag of it can be read (WCAG 2.2, 1.4.3 and 1.4.11)."""
    field = ("colour", "colour_dark")[mode]
    colour = clean(value, field, max_length=20).strip().lower()
    if not colours.is_colour(colour):
        raise Invalid(_("A colour is written #rrggbb, for example #9a5b00."), field=field)
    if fault := colour_fault(colour, mode):
        raise Invalid(fault, field=field, extra={"nearest": colours.nearest(colour, mode)})
    return colour


def colour_fault(colour: str, mode: int) -> str:
    """Say why a tag of this colour cannot be read, with the figure and the nearest colour; empty if it can."""
    reckoned = colours.contrasts(colour, mode)
    if reckoned.suffices:
        return ""
    words = {"figure": f"{reckoned.least:.2f}", "nearest": colours.nearest(colour, mode)}
    if reckoned.page < colours.LINE_AA:
        words["where"] = _("on the page; words need 4.5 : 1 and lines 3 : 1")
    elif reckoned.page < colours.AA:
        words["where"] = _("on the page; words need 4.5 : 1")
    else:
        words["where"] = _("on its own tint; words need 4.5 : 1")
    if mode == 0:
        return _("Its contrast is %(figure)s : 1 %(where)s. The nearest darker one is %(nearest)s.") % words
    return _("Its contrast is %(figure)s : 1 %(where)s. The nearest lighter one is %(nearest)s.") % words

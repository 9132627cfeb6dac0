"""The form of relations: which kinds are legal between two ends, in which direction, with which attributes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import QueryDict
from django.utils.translation import gettext as _

from factcheck.queries.projects import KindRow
from factcheck.queries.relations import End, Row

PREFIX = "a."


@dataclass(frozen=True)
class Choice:
    """One attribute of relations that has a set of values; `kinds` are the kinds that have it."""

    name: str
    title: str
    kinds: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Option:
    """One way to relate the two ends: a kind, and whether it reads from the other end."""

    kind: KindRow
    reversed: bool

    @property
    def value(self) -> str:
        return f"{self.kind.name}:reversed" if self.reversed else self.kind.name

    @property
    def title(self) -> str:
        return self.kind.inverse_title if self.reversed else self.kind.title


def _words() -> dict[str, str]:
    return {
        "manner": _("How"),
        "degree": _("How far"),
        "explicit": _("explicitly"),
        "implied": _("by implication"),
        "same": _("the same"),
        "more_specific": _("more specifically"),
    }


def options(kinds: Sequence[KindRow], one: End, other: End) -> list[Option]:
    """Return how one end may be related to the other; a symmetric kind reads the same from both."""
    found = []
    for kind in kinds:
        if [one.tag, other.tag] in kind.pairs:
            found.append(Option(kind, False))
        if [other.tag, one.tag] in kind.pairs and not kind.symmetric:
            found.append(Option(kind, True))
    return found


def choices(kinds: Sequence[KindRow], values: Mapping[str, Any]) -> list[Choice]:
    """Return the attributes with a set of values that some of the kinds have, each once."""
    words = _words()
    of: dict[str, list[str]] = {}
    values_of: dict[str, list[str]] = {}
    for kind in kinds:
        for name, schema in orjson.loads(kind.schema).get("properties", {}).items():
            if isinstance(schema.get("enum"), list):
                of.setdefault(name, []).append(kind.name)
                values_of.setdefault(name, [str(value) for value in schema["enum"]])
    return [
        Choice(
            name,
            words.get(name, name.replace("_", " ")),
            " ".join(of[name]),
            str(values.get(name, "")),
            tuple((value, words.get(value, value.replace("_", " "))) for value in values_of[name]),
        )
        for name in of
    ]


def for_script(kinds: Sequence[KindRow]) -> list[dict[str, Any]]:
    """Return what the page's script offers kinds by."""
    return [
        {
            "name": kind.name,
            "title": kind.title,
            "inverse": kind.inverse_title,
            "key": kind.key,
            "symmetric": kind.symmetric,
            "pairs": kind.pairs,
            "choices": [
                {"name": choice.name, "title": choice.title, "options": choice.options}
                for choice in choices([kind], {})
            ],
        }
        for kind in kinds
    ]


def attributes(form: QueryDict, kinds: Sequence[KindRow], name: str) -> dict[str, Any]:
    """Return those of the filled in attributes that the kind has; the service checks their values."""
    schema: dict[str, Any] = next((orjson.loads(kind.schema) for kind in kinds if kind.name == name), {})
    known = schema.get("properties", {})
    return {
        key.removeprefix(PREFIX): value
        for key, value in form.items()
        if key.startswith(PREFIX) and value and key.removeprefix(PREFIX) in known
    }


def kind_and_direction(written: str) -> tuple[str, bool]:
    """Read `denies` or `denies:reversed`."""
    name, _separator, direction = written.partition(":")
    return name, direction == "reversed"


@dataclass(frozen=True)
class Form:
    """A relation that is there, with how it may be changed."""

    row: Row
    subject: End
    object: End
    kinds: Sequence[KindRow]
    reason: str  # why who looks may not change it; empty for its maker
    error: str = ""

    @property
    def own(self) -> bool:
        return not self.reason

    @property
    def options(self) -> list[Option]:
        return options(self.kinds, self.subject, self.object)

    @property
    def choices(self) -> list[Choice]:
        return choices(self.kinds, orjson.loads(self.row.attributes))

    @property
    def kind(self) -> KindRow:
        return next(kind for kind in self.kinds if kind.name == self.row.kind)

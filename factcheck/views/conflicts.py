"""Two states of one thing: as it is now, and as somebody typed it before knowing. Nothing is overwritten unseen."""

from dataclasses import dataclass
from typing import Any

from django import forms

from factcheck.views.forms import Refusable


@dataclass(frozen=True)
class Difference:
    """One field in which the two states differ, in words."""

    label: str
    present: str
    typed: str


def show(form: Refusable, present: Any) -> None:
    """Put the present state beside what was typed; sending the form again is then a decision.

    The form keeps what was typed, and takes the present revision as the one that has been seen.
    """
    form.status = 409
    form.differences = [
        Difference(str(field.label), now, typed)
        for name, field in form.fields.items()
        if name != "revision"
        and (now := _words(field, getattr(present, name)))
        != (typed := _words(field, form.cleaned_data[name]))
    ]
    form.put(revision=str(present.revision))


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return str(dict(getattr(field, "choices", ())).get(value, value))

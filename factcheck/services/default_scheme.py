"""The scheme that a new project starts with: rows to copy, which the project then owns and edits."""

from typing import Any

from factcheck import attribute_kinds

TAGS: list[dict[str, Any]] = [
    {
        "name": "claim",
        "title": "Claim",
        "key": "c",
        "colour": "#9a5b00",
        "colour_dark": "#f0b65a",
        "line": "solid",
        "description": (
            "Anything put forward as so, by anyone, the article's own voice included. Words saying that evidence "
            "is missing are a claim about another statement, never evidence."
        ),
    },
    {
        "name": "denial",
        "title": "Denial",
        "key": "d",
        "colour": "#a8245c",
        "colour_dark": "#ff8fb8",
        "line": "dashed",
        "description": (
            "An answer to an accusation in the article; keep the denying verb. Relate it explicitly to the nearest "
            "statement it denies, by implication to what it would also make false."
        ),
    },
    {
        "name": "evidence",
        "title": "Evidence",
        "key": "e",
        "colour": "#00684f",
        "colour_dark": "#5fd3b0",
        "line": "double",
        "description": (
            "Something one could examine (image, document, figure, testimony, event), put forward for or against "
            "a statement. An event that is only told is context."
        ),
    },
]

GUIDELINES = """\
What to tag
Tag what is said: not who says it, nor the verb that reports it. A denial is the exception and keeps its denying verb.
Make one annotation for each thing that could be true or false alone.

Claims
Anything put forward as so is a claim, whoever says it; the article's own voice counts too.
Words saying that evidence is missing are a claim about another statement (relation: about). They are never evidence.

Denials
A denial answers an accusation that stands in the article.
Relate it as explicit to the nearest statement that it denies, \
and as implied to every other one that it would also make false.

Evidence
Evidence is something that one could examine (an image, a document, a figure, a testimony, an event), \
put forward for or against a statement.
An event that is only told, and put forward for nothing, is evidence with the relation context.

Speakers
Where no name is given, the speaker is the article itself if the article asserts it, \
and nobody named if somebody unnamed does.
Reporters who were told something are the audience; they did not pass it on.
Where a spokesperson speaks, the spokesperson is the speaker, and the body stands under “on behalf of”.
"""

_ALL = ("claim", "denial", "evidence")


def _enum(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_DATE = {"type": "string", "pattern": attribute_kinds.DATE_PATTERN}
_MANNER = {
    "type": "object",
    "properties": {"manner": _enum("explicit", "implied")},
    "additionalProperties": False,
}
_DEGREE = {
    "type": "object",
    "properties": {"degree": _enum("same", "more_specific")},
    "additionalProperties": False,
}
_NOTHING: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}

RELATION_KINDS: list[dict[str, Any]] = [
    {
        "name": "denies",
        "title": "denies",
        "inverse_title": "denied by",
        "key": "d",
        "schema": _MANNER,
        "pairs": [("denial", other) for other in ("claim", "evidence", "denial")],
    },
    {
        "name": "supports",
        "title": "supports",
        "inverse_title": "supported by",
        "key": "s",
        "schema": _MANNER,
        "pairs": [("evidence", other) for other in ("claim", "denial", "evidence")],
    },
    {
        "name": "refutes",
        "title": "refutes",
        "inverse_title": "refuted by",
        "key": "f",
        "schema": _MANNER,
        "pairs": [("evidence", other) for other in ("claim", "denial", "evidence")],
    },
    {
        "name": "context",
        "title": "is context to",
        "inverse_title": "has context",
        "key": "c",
        "schema": _NOTHING,
        "pairs": [("evidence", other) for other in _ALL],
    },
    {
        "name": "repeats",
        "title": "repeats",
        "inverse_title": "repeated by",
        "key": "r",
        "schema": _DEGREE,
        "pairs": [("claim", "claim"), ("denial", "denial")],
    },
    {
        "name": "contradicts",
        "title": "contradicts",
        "inverse_title": "contradicts",
        "key": "o",
        "symmetric": True,
        "schema": _NOTHING,
        "pairs": [("claim", "claim")],
    },
    {
        "name": "about",
        "title": "is about",
        "inverse_title": "is spoken about by",
        "key": "b",
        "schema": _NOTHING,
        "pairs": [(one, other) for one in _ALL for other in _ALL],
    },
]

# By tag; None stands for every tag. Unknown keys are refused by the check, which joins the two.
ATTRIBUTES: dict[str | None, dict[str, Any]] = {
    None: {"unsure": {"type": "boolean"}},
    "claim": {
        "wording": _enum("verbatim", "mixed", "paraphrase"),
        "checkability": _enum("checkable", "opinion", "prediction", "vague"),
        "distance": _enum("neutral", "distances", "endorses"),
        "finding": _enum("not_checked", "true", "false", "misleading", "unproven"),
        "said_on": _DATE,
        "said_where": {"type": "string", "maxLength": 200},
    },
    "denial": {"denial_type": _enum("flat", "non_denial", "no_comment", "of_something_else")},
    "evidence": {
        "evidence_type": _enum("image", "document", "data", "testimony", "event", "expert"),
        "presence": _enum("shown", "described", "asserted"),
        "directness": _enum("primary", "secondary"),
    },
}

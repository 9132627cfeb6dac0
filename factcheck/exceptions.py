"""Everything the product refuses, by name: the pages, the API and the commands translate these once.

Each class has a stable `code` (for programs), a `status` (HTTP) and a `title`; each error has a `detail`, one
sentence for a person that says what is wrong, where, and what to do. Nothing here knows of Django.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class FactcheckError(Exception):
    """Base of all errors that a person or a program can cause and put right.

    `field` names the part of the input that is wrong (a form field, a JSON key or a path such as
    `spans.0.end`); `extra` holds further members of the problem+json answer.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    title: ClassVar[str] = "This cannot be done"

    def __init__(
        self, detail: str, *, field: str | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.extra: dict[str, Any] = dict(extra or {})

    def __str__(self) -> str:
        return self.detail


class NotFound(FactcheckError):
    """There is no such thing, or the asker must not know of it: the two look alike."""

    code = "not_found"
    status = 404
    title = "Not found"


class NotAllowed(FactcheckError):
    """The person may know of the thing but not do this; the detail is also the tooltip of the disabled
    button.
    """

    code = "not_allowed"
    status = 403
    title = "Not allowed"


class Invalid(FactcheckError):
    """The input cannot be taken as it is."""

    code = "invalid"
    status = 422
    title = "Not valid"


class ExactMismatch(Invalid):
    """The words that the caller expects are not what stands at the span; `extra` has `given` and `found`."""

    code = "exact_mismatch"
    title = "The text there is different"


class Undecodable(Invalid):
    """The bytes are no text in any encoding that we read."""

    code = "undecodable"
    title = "Not readable as text"


class TooLarge(FactcheckError):
    """The input is larger than the limit, which the detail names."""

    code = "too_large"
    status = 413
    title = "Too large"


class Conflict(FactcheckError):
    """The present state forbids it."""

    code = "conflict"
    status = 409
    title = "Conflict"


class IdTaken(Conflict):
    """The id that the client brought belongs to another thing, perhaps one that the client may not see."""

    code = "id_taken"
    title = "Id already in use"


class Gone(FactcheckError):
    """It was here and has been withdrawn."""

    code = "gone"
    status = 410
    title = "Withdrawn"


class CursorExpired(Gone):
    """The feed's cursor belongs to another history (a backup was restored): the feed is to be read anew."""

    code = "cursor_expired"
    title = "Cursor of another epoch"


class Stale(FactcheckError):
    """Somebody changed it since the caller read it; `extra["present"]` is the present thing."""

    code = "stale"
    status = 412
    title = "Changed by somebody else"


class PreconditionRequired(FactcheckError):
    """The request would overwrite something and does not say which state it has seen."""

    code = "precondition_required"
    status = 428
    title = "Say which state you have seen"


class Busy(FactcheckError):
    """The database or the pool has no room just now; asking again shortly will do."""

    code = "busy"
    status = 503
    title = "Busy, try again shortly"

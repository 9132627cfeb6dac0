"""Programs rely on codes and statuses, people on the sentence."""

import pytest

from factcheck import exceptions


@pytest.mark.parametrize(
    ("name", "code", "status"),
    [
        ("NotFound", "not_found", 404),
        ("NotAllowed", "not_allowed", 403),
        ("Invalid", "invalid", 422),
        ("ExactMismatch", "exact_mismatch", 422),
        ("Undecodable", "undecodable", 422),
        ("TooLarge", "too_large", 413),
        ("Conflict", "conflict", 409),
        ("IdTaken", "id_taken", 409),
        ("Gone", "gone", 410),
        ("CursorExpired", "cursor_expired", 410),
        ("Stale", "stale", 412),
        ("PreconditionRequired", "precondition_required", 428),
        ("Busy", "busy", 503),
    ],
)
def test_error_keeps_its_code_and_status(name, code, status):
    error = getattr(exceptions, name)("Tell why.")
    assert (error.code, error.status) == (code, status)
    assert isinstance(error, exceptions.FactcheckError)
    assert error.title


def test_codes_are_unique():
    classes = [exceptions.FactcheckError]
    for cls in classes:
        classes += cls.__subclasses__()
    own = [cls.__dict__["code"] for cls in classes if cls.__module__ == exceptions.__name__]
    assert len(own) == len(set(own))


def test_error_reads_as_its_sentence_and_carries_field_and_extra():
    error = exceptions.ExactMismatch("Not there.", field="exact", extra={"given": "a", "found": "b"})
    assert str(error) == "Not there."
    assert (error.detail, error.field, error.extra) == ("Not there.", "exact", {"given": "a", "found": "b"})


def test_extra_is_a_dict_of_its_own():
    given = {"present": 1}
    error = exceptions.Stale("Changed.", extra=given)
    given["present"] = 2
    assert error.extra == {"present": 1}
    assert exceptions.Gone("Withdrawn.").extra == {}

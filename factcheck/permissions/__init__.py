"""Who may do what, decided on data: checks raise `NotAllowed`, and its sentence is also the tooltip."""

from factcheck.permissions import checks, workflow

__all__ = ["checks", "workflow"]

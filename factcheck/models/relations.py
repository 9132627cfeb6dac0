"""Typed, directed links between two annotations of one project."""

from django.db import models

from factcheck.models.fields import composite
from factcheck.models.judged import Judged


class Relation(Judged):
    """Subject to object; it lies in its maker's layer for the subject's article."""

    kind = composite("RelationKind")
    symmetric = models.BooleanField(default=False, db_column="is_symmetric")
    subject = composite("Annotation", related_name="relations_out")
    object = composite("Annotation", related_name="relations_in")
    object_article = composite("Article")
    attributes = models.JSONField(default=dict)

    class Meta:
        db_table = "relation"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(subject=models.F("object")), name="relation_not_to_itself"
            ),
            models.UniqueConstraint(
                fields=["layer", "kind", "subject", "object"],
                condition=models.Q(withdrawn_at=None),
                name="relation_once_alive",
            ),
        ]

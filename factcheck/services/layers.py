"""What managers do with layers: assign an article to an annotator."""

from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Invalid, NotFound
from factcheck.models import Membership
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.records import Actor
from factcheck.roles import Role, includes
from factcheck.services import acts
from factcheck.services.identity import Made
from factcheck.services.texts import clean


def assign(*, article_id: UUID, owner: str, by: Actor) -> Made:
    """Give an annotator a layer in the article, not started; one who has a layer there keeps it."""
    clean(owner, "owner", required=True)
    with transaction.atomic():
        article = queries.articles.visible(by.user_id, article_id)
        if article is None:
            raise NotFound(_("There is no such article."), field="article")
        checks.check_can_manage(Role(article.role))
        member = Membership.objects.filter(project_id=article.project_id, user__username=owner).first()
        if member is None:
            raise Invalid(_("%(user)s is no member of this project.") % {"user": owner}, field="owner")
        if not includes(Role(member.role), Role.ANNOTATOR):
            raise Invalid(_("A viewer does not annotate; change the role first."), field="owner")
        present = queries.layers.of_person(by.user_id, article_id, owner)
        if present is not None:
            return Made(present, False)
        with acts.act("assign", project_id=article.project_id, by=by), connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO layer (id, project_id, article_id, kind, owner_id, state, created_by_id, revision)
                   VALUES (%s, %s, %s, 'person', %s, 'not_started', %s, 1)
                   ON CONFLICT (article_id, owner_id) WHERE kind = 'person' DO NOTHING""",
                [uuid7(), article.project_id, article_id, member.user_id, by.user_id],
            )
            fresh = cursor.rowcount == 1
    return Made(queries.layers.of_person(by.user_id, article_id, owner), fresh)

"""Which reviewers are asked to look at an article; where nobody is asked, it waits for all of them."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.exceptions import Invalid, NotFound
from factcheck.models import Membership, ReviewerAssignment
from factcheck.permissions import checks
from factcheck.records import Actor
from factcheck.roles import Role, includes
from factcheck.services import acts
from factcheck.services.identity import Made
from factcheck.services.texts import clean


def assign(*, article_id: UUID, reviewer: str, by: Actor) -> Made:
    """Ask a reviewer to look at an article; asked already is no act. Raises `Invalid` for who may not review."""
    clean(reviewer, "reviewer", required=True)
    with transaction.atomic():
        project_id = _managed(article_id, by)
        member = Membership.objects.filter(project_id=project_id, user__username=reviewer).first()
        if member is None:
            raise Invalid(_("%(user)s is no member of this project.") % {"user": reviewer}, field="reviewer")
        if not includes(Role(member.role), Role.REVIEWER):
            raise Invalid(
                _("%(user)s may not review; change the role first.") % {"user": reviewer}, field="reviewer"
            )
        present = queries.reviewers.of_article(by.user_id, article_id, reviewer)
        if present is not None:
            return Made(present, False)
        with acts.act("assign_reviewer", project_id=project_id, by=by):
            ReviewerAssignment.objects.create(
                project_id=project_id,
                article_id=article_id,
                reviewer_id=member.user_id,
                created_by_id=by.user_id,
            )
    return Made(queries.reviewers.of_article(by.user_id, article_id, reviewer), True)


def unassign(*, article_id: UUID, reviewer: str, by: Actor) -> None:
    """Ask a reviewer no longer; what was decided stays. Not asked is no act."""
    with transaction.atomic():
        project_id = _managed(article_id, by)
        asked = ReviewerAssignment.objects.filter(article_id=article_id, reviewer__username=reviewer)
        if asked.exists():
            with acts.act("unassign_reviewer", project_id=project_id, by=by):
                asked.delete()


def _managed(article_id: UUID, by: Actor) -> UUID:
    article = queries.articles.visible(by.user_id, article_id)
    if article is None:
        raise NotFound(_("There is no such article."), field="article")
    checks.check_can_manage(Role(article.role))
    return article.project_id

"""What a person does to articles: load one, correct what is said about it."""

import hashlib
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from factcheck import queries
from factcheck.anchoring import blocks, canonical
from factcheck.anchoring import words as counting
from factcheck.exceptions import Invalid, NotFound, TooLarge
from factcheck.intake import dates, language
from factcheck.models import Article, ArticleVersion, Project
from factcheck.models.fields import uuid7
from factcheck.permissions import checks
from factcheck.queries.articles import ArticleRow
from factcheck.records import Actor
from factcheck.roles import Role
from factcheck.services import acts, identity
from factcheck.services.texts import MAX_NAME, MAX_URL, clean, web_address


def create(
    *,
    project: Project,
    title: str,
    text: str,
    by: Actor,
    id: UUID | None = None,
    url: str = "",
    publisher: str = "",
    byline: str = "",
    published_at: str = "",
    language: str = "",
    direction: str = "",
    file_name: str = "",
) -> identity.Made:
    """Load an article: make its text canonical, cut it into blocks, keep both for good.

    Raises `TooLarge`, `Invalid` (empty, NUL, lone surrogate, bad date or address), `NotAllowed`, and for an id
    in use what `services.identity` says.
    """
    role = queries.projects.role_of(by.user_id, project.pk)
    if role is None:
        raise NotFound(_("There is no such project."), field="project")
    checks.check_can_load_articles(role)
    content = {
        "title": title,
        "text": text,
        "url": url,
        "publisher": publisher,
        "byline": byline,
        "published_at": published_at,
        "language": language,
    }
    facts = checked_facts({key: value for key, value in content.items() if key != "text"})
    canonical_text = canonical_of(text)
    hashed = identity.content_hash({**content, "project": project.slug})
    if id is not None and (existing := Article.objects.filter(pk=id).first()):
        return _again(existing, by, hashed)
    facts |= language_of(facts["language"], direction, canonical_text)
    article = new_article(project.pk, facts, by=by, id=id, content_hash=hashed, file_name=file_name)
    version = new_version(article, canonical_text, by=by)
    with acts.act("create_article", project_id=project.pk, by=by, article_id=article.pk):
        article.save(force_insert=True)
        version.save(force_insert=True)
    return identity.Made(_row(by, article.pk), True)


def canonical_of(text: str) -> str:
    """Return the canonical text, or raise `TooLarge` or `Invalid` naming the field `text`."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > settings.ARTICLE_MAX_BYTES:
        raise TooLarge(
            _("The text has %(size)s bytes; an article may have at most %(limit)s.")
            % {"size": size, "limit": settings.ARTICLE_MAX_BYTES},
            field="text",
            extra={"size": size, "limit": settings.ARTICLE_MAX_BYTES},
        )
    try:
        result = canonical.canonical(text)
    except Invalid as error:
        error.field = "text"
        raise
    if not result.strip():
        raise Invalid(_("The text is empty; paste or upload the article's words."), field="text")
    return result


def new_article(
    project_id: UUID,
    facts: dict[str, Any],
    *,
    by: Actor,
    id: UUID | None = None,
    content_hash: bytes | None = None,
    file_name: str = "",
) -> Article:
    """Build an article's unsaved row, its current version's id chosen already."""
    return Article(
        id=id or uuid7(),
        project_id=project_id,
        current_version_id=uuid7(),
        created_by_id=by.user_id,
        content_hash=content_hash,
        file_name=clean(file_name, "file_name", max_length=MAX_NAME),
        **facts,
    )


def new_version(article: Article, text: str, *, by: Actor, number: int = 1) -> ArticleVersion:
    """Build the unsaved row of an article's version from its canonical text."""
    cut = blocks.blocks_of(text, article.title)
    return ArticleVersion(
        id=article.current_version_id,
        project_id=article.project_id,
        article_id=article.pk,
        number=number,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
        words=counting.word_count(text),
        blocks=[block._asdict() for block in cut],
        links=blocks.links_of(text),
        created_by_id=by.user_id,
    )


def checked_facts(facts: dict[str, Any]) -> dict[str, Any]:
    """Check the facts about an article that are given; others are left out."""
    checked: dict[str, Any] = {}
    for name in ("title", "publisher", "byline"):
        if name in facts:
            checked[name] = clean(facts[name], name, max_length=MAX_NAME, required=name == "title")
    if "url" in facts:
        checked["url"] = web_address(facts["url"], "url")
    if "published_at" in facts:
        checked["published_at"] = _date(clean(facts["published_at"], "published_at", max_length=MAX_URL))
    if "language" in facts:
        tag = clean(facts["language"], "language", max_length=35)
        if (tag and not tag.replace("-", "").isascii()) or (tag and not tag.replace("-", "").isalnum()):
            raise Invalid(_("language must be a language tag such as en, ar or pt-BR."), field="language")
        checked["language"] = tag
    return checked


def _date(value: str) -> str:
    if not value:
        return ""
    try:
        return dates.partial_date(value)
    except Invalid as error:
        error.field = "published_at"
        raise


def language_of(tag: str, direction: str, text: str) -> dict[str, str]:
    """Return the language and direction that are given, or guessed from the text."""
    if not tag:
        tag = language.guess(text)
    if direction not in ("", "ltr", "rtl"):
        raise Invalid(_("direction must be ltr or rtl."), field="direction")
    if not direction:
        direction = language.direction_of(tag) if tag else language.direction_of_text(text)
    return {"language": tag, "direction": direction}


def _row(by: Actor, article_id: UUID) -> ArticleRow:
    row = queries.articles.visible(by.user_id, article_id)
    if row is None:
        raise NotFound(_("There is no such article."))
    return row


def _again(existing: Article, by: Actor, hashed: bytes) -> identity.Made:
    present = queries.articles.visible(by.user_id, existing.pk)
    if present is None:
        identity.refuse_taken()
    return identity.same_again(present, kept=existing.content_hash, given=hashed, withdrawn=False)


def update(*, article_id: UUID, by: Actor, expect: int | None = None, **facts: Any) -> ArticleRow:
    """Correct what is said about an article (title, url, publisher, byline, published_at, language, direction)."""
    direction = facts.pop("direction", None)
    changes = checked_facts(facts)
    with transaction.atomic():
        present = queries.articles.visible(by.user_id, article_id)
        if present is None:
            raise NotFound(_("There is no such article."))
        checks.check_can_load_articles(Role(present.role))
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM article WHERE id = %s FOR NO KEY UPDATE", [article_id])
        present = _row(by, article_id)
        identity.check_unchanged(expect, present.revision, present)
        if direction:
            changes |= {"direction": language_of(present.language or "en", direction, "")["direction"]}
        elif changes.get("language") and changes["language"] != present.language:
            changes["direction"] = language.direction_of(changes["language"])
        changes = {name: value for name, value in changes.items() if getattr(present, name) != value}
        if not changes:
            return present
        with acts.act("update_article", project_id=present.project_id, by=by, article_id=article_id):
            Article.objects.filter(pk=article_id).update(**changes)
        return _row(by, article_id)

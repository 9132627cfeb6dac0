"""Every address of the product, by name."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from factcheck.views import (
    annotations,
    articles,
    attribute_schemas,
    board,
    claim_maps,
    data,
    decided,
    health,
    imports,
    inbox,
    intake,
    members,
    merges,
    profile,
    project_settings,
    projects,
    relation_kinds,
    relations,
    releases,
    review,
    review_settings,
    scheme,
    session,
    source_links,
    source_texts,
    sources,
    tags,
    talk,
    work,
)

project_pages = [
    path("", projects.index, name="list"),
    path("projects/<slug:slug>/", projects.library, name="library"),
    path("projects/<slug:slug>/guidelines/", projects.guidelines, name="guidelines"),
    path("projects/<slug:slug>/data/", data.project, name="data"),
    path("projects/<slug:slug>/import/", imports.page, name="import"),
    path("projects/<slug:slug>/import/read/", imports.read, name="import-read"),
    path("projects/<slug:slug>/import/go/", imports.go, name="import-go"),
    path("projects/<slug:slug>/import/discard/", imports.discard, name="import-discard"),
    path("projects/<slug:slug>/import/not-taken.csv", imports.not_taken, name="import-csv"),
]

_SETTINGS = "projects/<slug:slug>/settings/"
settings_pages = [
    path(_SETTINGS, project_settings.general, name="general"),
    path(f"{_SETTINGS}tags/", tags.index, name="tags"),
    path(f"{_SETTINGS}new-tag/", tags.new, name="tag-new"),
    path(f"{_SETTINGS}tag-preview/", tags.preview, name="tag-preview"),
    path(f"{_SETTINGS}tag-preview.css", tags.preview_css, name="tag-css"),
    path(f"{_SETTINGS}tags/<slug:name>/", tags.edit, name="tag"),
    path(f"{_SETTINGS}tags/<slug:name>/state/", tags.state, name="tag-state"),
    path(f"{_SETTINGS}relations/", relation_kinds.index, name="kinds"),
    path(f"{_SETTINGS}new-relation/", relation_kinds.new, name="kind-new"),
    path(f"{_SETTINGS}relations/<slug:name>/", relation_kinds.edit, name="kind"),
    path(f"{_SETTINGS}relations/<slug:name>/state/", relation_kinds.state, name="kind-state"),
    path(f"{_SETTINGS}attributes/", attribute_schemas.index, name="attributes"),
    path(f"{_SETTINGS}new-attribute/", attribute_schemas.new, name="attribute-new"),
    path(f"{_SETTINGS}attributes/<slug:name>/", attribute_schemas.edit, name="attribute"),
    path(f"{_SETTINGS}attributes/<slug:name>/state/", attribute_schemas.state, name="attribute-state"),
    path(f"{_SETTINGS}review/", review_settings.reasons, name="review"),
    path(f"{_SETTINGS}members/", members.index, name="members"),
    path(f"{_SETTINGS}members/<str:user>/", members.member, name="member"),
]

work_pages = [
    path("projects/<slug:slug>/board/", board.page, name="board"),
    path("projects/<slug:slug>/board/spread/", board.spread, name="spread"),
    path("articles/<uuid:article_id>/assignments/", work.page, name="article"),
    path("articles/<uuid:article_id>/assignments/assign/", work.assign, name="assign"),
    path("articles/<uuid:article_id>/assignments/reviewers/", work.reviewers, name="reviewers"),
    path("layers/<uuid:layer_id>/step/", work.step, name="step"),
    path("decided/", decided.page, name="decided"),
    path("decided/decisions/<uuid:review_id>/", decided.respond, name="respond"),
    path("decided/proposed/<uuid:proposed_id>/", decided.proposed, name="proposed"),
]

article_pages = [
    path("projects/<slug:slug>/articles/new/", intake.new, name="new"),
    path("articles/<uuid:article_id>/", articles.page, name="page"),
    path("articles/<uuid:article_id>/edit/", intake.edit, name="edit"),
    path("articles/<uuid:article_id>/data/", data.article, name="data"),
    path("articles/<uuid:article_id>/map/", claim_maps.page, name="map"),
    path("articles/<uuid:article_id>/map.csv", claim_maps.table, name="map-csv"),
    path("articles/<uuid:article_id>/map.svg", claim_maps.picture, name="map-svg"),
]

source_pages = [
    path("projects/<slug:slug>/sources/", sources.index, name="list"),
    path("projects/<slug:slug>/sources/suggest/", sources.suggest, name="suggest"),
    path("sources/<uuid:source_id>/", sources.page, name="page"),
    path("sources/<uuid:source_id>/edit/", sources.edit, name="edit"),
    path("sources/<uuid:source_id>/text/", source_texts.edit, name="text"),
    path("sources/<uuid:source_id>/captured/", source_texts.captured, name="captured"),
    path("sources/<uuid:source_id>/merge/", merges.merge, name="merge"),
    path("sources/<uuid:source_id>/unmerge/", merges.unmerge, name="unmerge"),
]

release_pages = [
    path("projects/<slug:slug>/releases/", releases.index, name="list"),
    path("projects/<slug:slug>/releases/<str:name>/", releases.page, name="page"),
]

review_pages = [
    path("review/", review.queue, name="queue"),
    path("review/decide/", review.decide, name="decide"),
    path("review/propose/", review.propose, name="propose"),
    path("review/proposed/<uuid:proposed_id>/take-back/", review.take_back, name="take-back"),
]

account_pages = [
    path("sign-in/", session.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("enter/<str:secret>/", session.enter, name="enter"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/<uuid:token_id>/revoke/", profile.revoke, name="token-revoke"),
    path("profile/mail/", profile.mail, name="mail"),
    path("profile/password/", login_required(profile.Password.as_view()), name="password"),
]

# -- The article's desk: what its page asks for ----------------------------------------------------

desk_parts = [
    path("articles/<uuid:article_id>/annotations/", annotations.create, name="create"),
    path("articles/<uuid:article_id>/undo/", annotations.undo, name="undo"),
    path("articles/<uuid:article_id>/fresh/", articles.fresh, name="fresh"),
    path("articles/<uuid:article_id>/token/", articles.token, name="token"),
    path("annotations/<uuid:annotation_id>/", annotations.change, name="annotation"),
    path("annotations/<uuid:annotation_id>/card/", annotations.card, name="card"),
    path("annotations/<uuid:annotation_id>/withdraw/", annotations.withdraw, name="withdraw"),
    path("annotations/<uuid:annotation_id>/restore/", annotations.restore, name="restore"),
    path("annotations/<uuid:annotation_id>/links/new/", source_links.new, name="link-new"),
    path("annotations/<uuid:annotation_id>/links/", source_links.create, name="link-create"),
    path("annotations/<uuid:annotation_id>/links/same/", source_links.same, name="link-same"),
    path("annotations/<uuid:annotation_id>/ends/", relations.ends, name="ends"),
    path("annotations/<uuid:annotation_id>/relations/new/", relations.new, name="relation-new"),
    path("annotations/<uuid:annotation_id>/relations/", relations.create, name="relation-create"),
    path("relations/<uuid:relation_id>/", relations.change, name="relation"),
    path("relations/<uuid:relation_id>/withdraw/", relations.withdraw, name="relation-withdraw"),
    path("relations/<uuid:relation_id>/restore/", relations.restore, name="relation-restore"),
    path("links/<uuid:link_id>/", source_links.change, name="link"),
    path("links/<uuid:link_id>/move/", source_links.move, name="link-move"),
    path("links/<uuid:link_id>/withdraw/", source_links.withdraw, name="link-withdraw"),
    path("links/<uuid:link_id>/restore/", source_links.restore, name="link-restore"),
]

talk_pages = [
    path("talk/", inbox.inbox, name="inbox"),
    path("talk/seen/", inbox.see, name="see"),
    path("talk/<uuid:notice_id>/", inbox.follow, name="follow"),
    path("articles/<uuid:article_id>/talk/", talk.article, name="article"),
    path("annotations/<uuid:annotation_id>/talk/", talk.annotation, name="annotation"),
    path("relations/<uuid:relation_id>/talk/", talk.relation, name="relation"),
    path("threads/<uuid:thread_id>/", talk.thread, name="thread"),
    path("threads/<uuid:thread_id>/reply/", talk.reply, name="reply"),
    path("threads/<uuid:thread_id>/settle/", talk.settle, name="settle"),
    path("comments/<uuid:comment_id>/", talk.comment, name="comment"),
    path("comments/<uuid:comment_id>/withdraw/", talk.withdraw, name="withdraw"),
    path("comments/<uuid:comment_id>/restore/", talk.restore, name="restore"),
]

# -- The end of the article's desk -----------------------------------------------------------------

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("factcheck.api.urls")),  # first: programs ask most
    path("", include((project_pages, "projects"))),
    path("", include((settings_pages, "settings"))),
    path("", include((article_pages, "articles"))),
    path("", include((source_pages, "sources"))),
    path("", include((release_pages, "releases"))),
    path("", include((review_pages, "review"))),
    path("", include((work_pages, "work"))),
    path("", include((desk_parts, "desk"))),
    path("", include((talk_pages, "talk"))),
    path("", include(account_pages)),
    path("projects/<slug:slug>/scheme.css", scheme.scheme, name="scheme"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "factcheck.views.errors.bad_request"
handler403 = "factcheck.views.errors.forbidden"
handler404 = "factcheck.views.errors.not_found"
handler500 = "factcheck.views.errors.failed"

"""Every address of the product, by name."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from factcheck.views import (
    annotations,
    articles,
    health,
    intake,
    profile,
    projects,
    relations,
    scheme,
    session,
    source_links,
    sources,
)

project_pages = [
    path("", projects.index, name="list"),
    path("projects/<slug:slug>/", projects.library, name="library"),
]

article_pages = [
    path("projects/<slug:slug>/articles/new/", intake.new, name="new"),
    path("articles/<uuid:article_id>/", articles.page, name="page"),
    path("articles/<uuid:article_id>/edit/", intake.edit, name="edit"),
]

source_pages = [
    path("projects/<slug:slug>/sources/", sources.index, name="list"),
    path("projects/<slug:slug>/sources/suggest/", sources.suggest, name="suggest"),
    path("sources/<uuid:source_id>/", sources.page, name="page"),
    path("sources/<uuid:source_id>/edit/", sources.edit, name="edit"),
]

account_pages = [
    path("sign-in/", session.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("enter/<str:secret>/", session.enter, name="enter"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/<uuid:token_id>/revoke/", profile.revoke, name="token-revoke"),
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

# -- The end of the article's desk -----------------------------------------------------------------

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("factcheck.api.urls")),  # first: programs ask most
    path("", include((project_pages, "projects"))),
    path("", include((article_pages, "articles"))),
    path("", include((source_pages, "sources"))),
    path("", include((desk_parts, "desk"))),
    path("", include(account_pages)),
    path("projects/<slug:slug>/scheme.css", scheme.scheme, name="scheme"),
    path("healthz", health.healthz, name="healthz"),
]

handler400 = "factcheck.views.errors.bad_request"
handler403 = "factcheck.views.errors.forbidden"
handler404 = "factcheck.views.errors.not_found"
handler500 = "factcheck.views.errors.failed"

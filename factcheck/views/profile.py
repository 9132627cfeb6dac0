"""One's own account: tokens for programs, and the password."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from factcheck import queries, services
from factcheck.queries.reading import Cut
from factcheck.services.tokens import MOST_PROJECTS
from factcheck.views import access, asking
from factcheck.views.forms import NewToken


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show the account and its tokens; make a token and show its secret this once."""
    user = access.person(request)
    projects = queries.projects.page(user.pk, Cut(MOST_PROJECTS))
    offered = [(project.slug, project.name) for project in projects]
    initial = {"expires": "90"}
    form, made = NewToken(asking.posted(request), initial=initial, projects=offered), None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        made = form.attempt(
            lambda: services.tokens.create(
                user=user,
                name=asked["name"],
                scope=asked["scope"],
                expires_at=asked["expires"],
                projects=asked["projects"],
            )
        )
    context = {
        "form": NewToken(initial=initial, projects=offered) if made else form,
        "secret": made[1] if made else "",
        "made": made[0] if made else None,
        "tokens": queries.tokens.of(user.pk),
        "more_projects": projects.has_next,
        "now": timezone.now(),
        "mail": settings.MAIL,
    }
    return render(request, "profile/page.html", context, status=201 if made else form.status)


@require_POST
@login_required
def mail(request: HttpRequest) -> HttpResponse:
    """Say whether one wants by mail what mentions or answers one."""
    wanted = request.POST.get("wanted") == "1"
    services.notices.set_mail(user=access.person(request), wanted=wanted)
    messages.success(request, _("You get mails again.") if wanted else _("You get no more mails."))
    return HttpResponseRedirect(reverse("profile"), status=303)


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one of one's own tokens at once."""
    services.tokens.revoke(user=access.person(request), token_id=token_id)
    messages.success(request, _("The token is revoked; programs that use it are refused from now on."))
    return HttpResponseRedirect(reverse("profile"), status=303)


class Password(PasswordChangeView):
    """Django's change of password, a refused form being a 422."""

    template_name = "profile/password.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

"""Signing in and out: by password, or once by a link that the command line prints."""

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from factcheck import services
from factcheck.exceptions import FactcheckError


class SignIn(LoginView):
    """Django's sign-in; a `next` that leads off this site is ignored, and a refused form is a 422."""

    template_name = "session/sign_in.html"
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        context: dict[str, Any] = self.get_context_data(form=form)
        return self.render_to_response(context, status=422)


@login_not_required
@never_cache
@require_safe
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Use up a sign-in link. Whoever only looks (HEAD, a browser's prefetch) does not use it up."""
    if request.method == "HEAD" or _only_looks(request):
        return HttpResponse(status=204)
    try:
        user = services.tokens.enter(secret)
    except FactcheckError as refusal:
        return render(request, "session/link_spent.html", {"detail": str(refusal)}, status=410)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    response = HttpResponseRedirect("/", status=303)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _only_looks(request: HttpRequest) -> bool:
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose or "preview" in purpose for purpose in purposes)

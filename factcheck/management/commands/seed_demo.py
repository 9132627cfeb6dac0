"""Load the demo project: its people, their roles, and the articles that they marked. Again does no harm."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from factcheck import services
from factcheck.exceptions import FactcheckError
from factcheck.models import Membership, Project, User
from factcheck.records import Actor
from factcheck.services.interchange import Outcome

SLUG = "demo"
FOLDER = Path("seeds") / "demo"
ROLES = {
    "mona": "manager",
    "ana": "annotator",
    "ben": "annotator",
    "rita": "reviewer",
    "ruben": "reviewer",
    "vic": "viewer",
}
STRANGERS = ("eve",)


class Command(BaseCommand):
    help = "Load the demo project with its people, who have no passwords; may be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        made = [name for name in (*ROLES, *STRANGERS) if self._account(name)]
        self._say("accounts", made)
        mona = User.objects.get(username="mona")
        by = Actor(user_id=mona.pk, username=mona.username, channel="import")
        lines = [
            line
            for path in sorted((settings.BASE_DIR / FOLDER).glob("*.jsonl"))
            for line in path.read_bytes().splitlines(keepends=False)
        ]
        try:
            project = self._project(by, lines)
            self._say("roles", self._join(project, by))
            told = list(services.interchange.import_lines(project=project, lines=lines, by=by))
        except FactcheckError as error:
            raise CommandError(f"The demo project could not be loaded. {error}") from error
        self._sum(told)

    def _account(self, name: str) -> bool:
        """Make an account without a usable password, unless there is one of this name."""
        if User.objects.filter(username=name).exists():
            return False
        User.objects.create_user(name)
        return True

    def _project(self, by: Actor, lines: list[bytes]) -> Project:
        project = Project.objects.filter(slug=SLUG).first()
        if project is None:
            project = services.interchange.create_project(slug=SLUG, first_line=lines[0], by=by)
            self.stdout.write(f"The project {SLUG} is made.")
        return project

    def _join(self, project: Project, by: Actor) -> list[str]:
        """Give the demo people their roles, those apart who were given another since."""
        members = set(Membership.objects.filter(project=project).values_list("user__username", flat=True))
        joining = [name for name in ROLES if name not in members]
        for name in joining:
            services.projects.add_member(project=project, username=name, role=ROLES[name], by=by)
        return joining

    def _say(self, what: str, names: list[str]) -> None:
        if names:
            self.stdout.write(f"Made the {what} of {', '.join(names)}.")

    def _sum(self, told: list[Outcome]) -> None:
        for outcome in told:
            if outcome.refused is not None:
                raise CommandError(f"The demo's {outcome.place} was refused. {outcome.refused}")
            if outcome.made:
                number = sum(outcome.made.values())
                self.stdout.write(f"Loaded “{outcome.title}”: {number} things.")
        if not any(outcome.made for outcome in told):
            self.stdout.write(f"The project {SLUG} is here already; nothing was changed.")

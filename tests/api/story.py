"""A blind desk on which reviewing is told from its beginning, and what API, feed and export say of it meanwhile."""

from typing import Any

from factcheck import services
from tests import factories
from tests.api.client import Api, span
from tests.feed.keeping import Copy, exported

TEXT = (
    "The bridge is closed\n"
    "The mayor said the bridge was checked in May. The builders denied any fault. A photograph shows a crack.\n"
)


class Story:
    """A blind desk, the people who ask about it, and a program that follows the feed from its first line."""

    def __init__(self) -> None:
        project = factories.project("water", blind=True)
        services.feed.start_epoch()
        self.apis = {name: Api(name) for name in factories.CAST}
        article = {"project": "water", "title": "The bridge is closed", "text": TEXT}
        self.article = self.said(self.apis["mona"].post("articles/", article), 201)["id"]
        self.copy = Copy(*exported(self.apis["vic"], "water"), "water")
        assert project.blind

    @staticmethod
    def said(answer: Any, status: int = 200) -> Any:
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def post(self, who: str, path: str, body: Any = None, status: int = 201) -> Any:
        return self.said(self.apis[who].post(path, body), status)

    def get(self, who: str, path: str) -> Any:
        return self.said(self.apis[who].get(path))

    def tag(self, who: str, words: str, tag: str) -> str:
        body = {"article": self.article, "tag": tag, "spans": [span(TEXT, words)]}
        return str(self.post(who, "annotations/", body)["id"])

    def decide(self, who: str, what: dict[str, str], decision: str, **content: Any) -> Any:
        return self.post(who, "reviews/", {**what, "decision": decision, **content})

    def told(self, wanted: dict[tuple[str, str], tuple[str, bool | None]]) -> None:
        """Compare status and void of the things with API, feed and export, as each of the project sees them."""
        self.copy.pull(self.apis["vic"])
        lines, _cursor = exported(self.apis["vic"], "water")
        assert self.copy.differences(lines) == []
        for (type, key), (status, void) in wanted.items():
            section = f"{type}s"
            shown = self.get("ana", f"{section.replace('_', '-')}/{key}/")
            kept = self.copy.things[type, key]
            [out] = [one for line in lines for one in line[section] if one["id"] == key]
            for where in (shown, kept, out):
                assert (where["status"], where.get("void")) == (status, void), (type, key, where)

    def waiting(self, who: str) -> dict[str, str]:
        return {one["id"]: one["why"] for one in self.apis[who].all("review-queue/?project=water")}

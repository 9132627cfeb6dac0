"""docs/api.md is run: each command as it stands there, and each answer compared with the one that follows it."""

import contextlib
import io
import json
import re
import shlex
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.conf import settings

from factcheck import services
from tests import factories

PAGE = Path(settings.BASE_DIR) / "docs" / "api.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"

pytestmark = pytest.mark.django_db(transaction=True)


class Answer(NamedTuple):
    """What a command was answered."""

    status: int
    reason: str
    headers: Any
    body: str


def curl(words: list[str]) -> Answer:
    """Do what curl does with the few options that the page uses."""
    method, data, headers, address, query = "GET", None, {}, "", None
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-G":
            query = []
        elif word in ("-d", "--data-urlencode") and query is not None:
            name, _equals, value = next(rest).partition("=")
            query.append((name, value))
        elif word == "-d":
            data = next(rest).encode()
        elif word == "-H":
            name, _colon, value = next(rest).partition(": ")
            headers[name] = value
        elif word != "-i":
            assert not word.startswith("-"), f"The test does not know curl {word}."
            address = word
    if query:
        address += f"?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(address, method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, answer.reason, answer.headers, answer.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.reason, error.headers, error.read().decode())


def run(block: str, names: dict[str, str]) -> Answer:
    """Run the commands of a block and return the answer of the last."""
    for name, value in names.items():
        block = block.replace(f"${name}", value)
    answers = []
    for command in re.split(r"\n(?=curl)", block.strip()):
        answers.append(curl(shlex.split(command.replace("\\\n", " "))))
        assert answers[-1].status < 500, answers[-1].body
    for earlier in answers[:-1]:
        assert earlier.status < 300, earlier.body
    return answers[-1]


def assert_shown(shown: Any, real: Any, at: str = "answer") -> None:
    """Assert that what the page shows is in the real answer; `…` stands for anything."""
    if isinstance(shown, dict):
        assert isinstance(real, dict), at
        for name, value in shown.items():
            assert name in real, f"{at}.{name}"
            assert_shown(value, real[name], f"{at}.{name}")
    elif isinstance(shown, list):
        if shown[-1:] == [ANYTHING]:
            shown, real = shown[:-1], real[: len(shown) - 1]
        assert len(shown) == len(real), f"{at}: {real}"
        for index, (value, one) in enumerate(zip(shown, real, strict=True)):
            assert_shown(value, one, f"{at}.{index}")
    elif shown != ANYTHING:
        assert real == shown, at


def test_the_page_is_true(server: str) -> None:
    factories.project("demo")
    _token, secret = services.tokens.create(user=factories.user("ana"), name="docs", scope="write")
    _token, reviewing = services.tokens.create(user=factories.user("rita"), name="docs", scope="write")
    names = {"API": f"{server}/api/v1", "TOKEN": secret, "RITA": reviewing}
    answer: Answer | None = None
    compared = 0
    for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if language == "sh":
            answer = run(block, names)
            continue
        if language == "python" and "pandas" in block:
            answer = _print_table(block, names)
            continue
        if language == "python":
            _pull(block, names)
            continue
        assert answer is not None
        compared += 1
        if language == "json":
            assert_shown(json.loads(block, strict=False), json.loads(answer.body))
        elif language == "text":
            assert answer.body == block.removesuffix("\n")
        else:
            status, *headers = block.strip().splitlines()
            assert status == f"HTTP/1.1 {answer.status} {answer.reason}"
            for line in headers:
                name, _colon, value = line.partition(": ")
                assert answer.headers[name] == value
    assert compared > 10


def _print_table(block: str, names: dict[str, str]) -> Answer:
    """Approve the page's claim, then run the lines that make a table, and answer with what they print."""
    claim = re.search(r'"claim": "([-0-9a-f]{36})"', PAGE.read_text(encoding="utf-8"))
    assert claim is not None
    services.reviews.create(
        thing="annotation", thing_id=UUID(claim[1]), decision="approve", by=factories.actor("rita")
    )
    assert len(block.strip().splitlines()) < 10
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(block, dict(names))
    return Answer(200, "OK", {}, printed.getvalue().removesuffix("\n"))


def _pull(block: str, names: dict[str, str]) -> None:
    """Run the page's puller from the start and from an export, and find what a list has."""
    inside: dict[str, Any] = {}
    exec(block, inside)

    def get(path: str) -> Any:
        return json.loads(run(f'curl -H "Authorization: Bearer $TOKEN" "$API/{path}"', names).body)

    def listed() -> dict[str, Any]:
        return {row["id"]: row for row in get("annotations/?limit=1000")["results"]}

    def annotations(copy: dict[tuple[str, str], Any]) -> dict[str, Any]:
        return {key: row for (type, key), row in copy.items() if type == "annotation"}

    export = run('curl -H "Authorization: Bearer $TOKEN" "$API/exports/jsonl/?project=demo"', names)
    begun = inside["begin"](export.body.splitlines())
    assert annotations(begun).keys() == listed().keys()
    kept: dict[tuple[str, str], Any] = {}
    cursor = inside["pull"](get, kept)
    assert annotations(kept) == listed()
    before = dict(kept)
    assert inside["pull"](get, kept, cursor)
    assert kept == before
    gone, *others = listed()
    run(f'curl -X DELETE -H "Authorization: Bearer $TOKEN" "$API/annotations/{gone}/"', names)
    for other in others:
        run(
            'curl -X PATCH -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json"'
            f' -d \'{{"note": "New."}}\' "$API/annotations/{other}/"',
            names,
        )
    inside["pull"](get, begun, export.headers["X-Feed-Cursor"])
    inside["pull"](get, kept, cursor)
    assert annotations(begun) == annotations(kept) == listed()

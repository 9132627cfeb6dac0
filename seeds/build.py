"""Writes the demo project: `python -m seeds.build`.

With `--check` it only says whether the files are what it would write.
"""

import sys
from pathlib import Path

from seeds import harbour, seed_article, short_articles
from seeds.lines import Line

FOLDER = Path(__file__).parent


def lines() -> list[Line]:
    """Build all articles of the demo project, the seed article first."""
    return [
        seed_article.line(FOLDER),
        short_articles.arabic(FOLDER),
        short_articles.lanterns(FOLDER),
        harbour.line(),
    ]


def files() -> dict[Path, bytes]:
    """Give every file that belongs to the demo project, with what stands in it."""
    made = {}
    for line in lines():
        made[FOLDER / line.article["file_name"]] = line.text.encode()
        made[FOLDER / "demo" / f"{line.name}.jsonl"] = line.as_json().encode()
    return made


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only compare them."""
    differing = [path for path, data in files().items() if not path.exists() or path.read_bytes() != data]
    if arguments == ["--check"]:
        for path in differing:
            print(f"{path.relative_to(FOLDER.parent)} is not what seeds.build writes")
        return 1 if differing else 0
    for path in differing:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(files()[path])
        print(f"wrote {path.relative_to(FOLDER.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

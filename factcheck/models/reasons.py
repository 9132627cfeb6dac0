"""Why a reviewer does not approve: codes by kind of thing, which a project may replace by its own."""

REASONS: dict[str, tuple[str, ...]] = {
    "annotation": (
        "wrong_extent",
        "wrong_tag",
        "split_or_merge",
        "not_a_statement",
        "duplicate",
        "inferred",
        "wrong_speaker",
        "no_source",
        "guideline_unclear",
        "other",
    ),
    "relation": ("wrong_end", "wrong_direction", "inferred", "duplicate", "guideline_unclear", "other"),
    "source_link": ("wrong_speaker", "no_source", "inferred", "duplicate", "guideline_unclear", "other"),
}
"""The reasons that a new project starts with, in the order in which they are offered."""


def default_reasons() -> dict[str, list[str]]:
    """Return a fresh copy, as a column's default must be."""
    return {thing: list(codes) for thing, codes in REASONS.items()}

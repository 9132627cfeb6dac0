"""While eight people write, a copy that follows the feed stays true, whatever the order of their commits.

In the suite this is a few seconds for each of a few seeds. The whole of it, a minute for each of ten:
`FEED_SOAK_SECONDS=60 FEED_SOAK_SEEDS=10 .venv/bin/pytest -q -s tests/feed/test_soak.py`.
"""

import os

import pytest

from tests.feed import soak

SECONDS = float(os.environ.get("FEED_SOAK_SECONDS", "5"))
SEEDS = range(1, 1 + int(os.environ.get("FEED_SOAK_SEEDS", "2")))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_copy_that_follows_the_feed_equals_a_fresh_export(seed: int) -> None:
    told = soak.run(seed, SECONDS)
    print(told, flush=True)
    assert told.failures == []
    assert told.differences == []
    assert told.lines > 20 * SECONDS / 7
    assert sum(told.acts.values()) > 5 * SECONDS

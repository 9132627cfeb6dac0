import re

from hypothesis import given
from hypothesis import strategies as st

from factcheck.intake.names import legal_names


def test_names_become_legal_ones_and_stay_apart() -> None:
    assert legal_names(["Claim", "claim", "Chief claim", "Été", "主張", "42", "??", "PER"]) == {
        "Claim": "claim_2",
        "claim": "claim",
        "Chief claim": "chief_claim",
        "Été": "ete",
        "主張": "u4e3b_u5f35",
        "42": "n42",
        "??": "u003f_u003f",
        "PER": "per",
    }


@given(st.lists(st.text(min_size=1, max_size=60), max_size=20))
def test_every_name_is_legal_and_no_two_become_one(given: list[str]) -> None:
    made = legal_names(given)
    assert set(made) == set(given)
    assert len(set(made.values())) == len(made)
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name) for name in made.values())
    assert legal_names(reversed(given)) == made

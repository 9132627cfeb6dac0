"""Claims that repeat each other are one group, whatever the order in which that was said."""

from hypothesis import given
from hypothesis import strategies as st

from factcheck.claims.groups import groups, representative

IDS = [str(number) for number in range(12)]
PAIRS = st.lists(st.tuples(st.sampled_from([*IDS, "elsewhere"]), st.sampled_from(IDS)), max_size=30)


@given(PAIRS)
def test_every_claim_is_in_one_group_and_the_order_of_the_text_is_kept(pairs: list[tuple[str, str]]) -> None:
    found = groups(IDS, pairs)
    assert sorted((one for group in found for one in group), key=int) == IDS
    assert all(group == sorted(group, key=int) for group in found)
    assert [group[0] for group in found] == sorted((group[0] for group in found), key=int)


@given(PAIRS)
def test_two_are_together_just_when_a_path_of_repeats_leads_from_one_to_the_other(
    pairs: list[tuple[str, str]],
) -> None:
    reached = {one: {one} for one in IDS}
    for _round in IDS:
        for subject, object_ in pairs:
            if "elsewhere" not in (subject, object_):
                joined = reached[subject] | reached[object_]
                for one in joined:
                    reached[one] |= joined
    assert {frozenset(group) for group in groups(IDS, pairs)} == {frozenset(one) for one in reached.values()}


@given(PAIRS, st.randoms())
def test_neither_order_nor_direction_changes_the_groups(pairs: list[tuple[str, str]], random: object) -> None:
    turned = [pair[::-1] for pair in pairs]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert groups(IDS, turned) == groups(IDS, pairs)


def test_the_one_that_others_repeat_stands_for_the_group() -> None:
    assert representative(["a", "b", "c"], {"a", "c"}, {"b"}) == "b"
    assert representative(["a", "b", "c"], {"b", "c"}, {"a", "b"}) == "a"  # c repeats b, b repeats a
    assert representative(["a", "b"], {"a", "b"}, {"a", "b"}) == "a"  # a circle

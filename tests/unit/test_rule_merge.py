"""Two editors of one secretary: what each has changed is kept, and nothing is lost unseen."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ari_app.domain.directory import ForwardingRule, SayGoodbye, Voicemail, When
from ari_app.domain.numbers import RuleId
from web.rule_merge import Clash, merge, settled


def rule(number: int, name: str = "") -> ForwardingRule:
    return ForwardingRule(RuleId(number), name or f"rule {number}", When(), Voicemail())


BASE = (rule(1), rule(2), rule(3))


def ids(rules: tuple[ForwardingRule, ...]) -> list[int]:
    return [one.id for one in rules]


def test_what_only_one_of_them_has_changed_is_taken() -> None:
    theirs = (replace(BASE[0], name="theirs"), *BASE[1:])
    mine = (*BASE[:2], replace(BASE[2], name="mine"))
    merged = merge(BASE, theirs, mine)
    assert (theirs[0], BASE[1], mine[2]) == merged.rules
    assert () == merged.clashes


def test_a_rule_that_both_have_changed_must_be_chosen() -> None:
    theirs = (replace(BASE[0], then=SayGoodbye()), *BASE[1:])
    mine = (replace(BASE[0], name="mine"), *BASE[1:])
    merged = merge(BASE, theirs, mine)
    assert (Clash(RuleId(1), theirs[0], mine[0]),) == merged.clashes
    assert mine == settled(merged, {})
    assert theirs == settled(merged, {RuleId(1): "theirs"})


def test_the_same_change_by_both_is_no_clash() -> None:
    both = (replace(BASE[0], name="both"), *BASE[1:])
    assert (both, ()) == (merge(BASE, both, both).rules, merge(BASE, both, both).clashes)


def test_one_deletes_what_the_other_changes() -> None:
    mine = (replace(BASE[0], name="mine"), *BASE[1:])
    merged = merge(BASE, BASE[1:], mine)
    assert (Clash(RuleId(1), None, mine[0]),) == merged.clashes
    assert [2, 3] == ids(settled(merged, {RuleId(1): "theirs"}))
    merged = merge(BASE, mine, BASE[1:])
    assert [2, 3] == ids(merged.rules)
    assert [2, 3, 1] == ids(settled(merged, {RuleId(1): "theirs"}))


def test_what_was_deleted_by_one_and_left_alone_by_the_other_is_gone() -> None:
    assert [2, 3] == ids(merge(BASE, BASE[1:], BASE).rules)
    assert [1, 2] == ids(merge(BASE, BASE, BASE[:2]).rules)


def test_new_rules_of_both_are_kept_where_they_were_put() -> None:
    theirs = (BASE[0], rule(7, "theirs"), *BASE[1:])
    mine = (*BASE, rule(-1, "mine"))
    assert [1, 7, 2, 3, -1] == ids(merge(BASE, theirs, mine).rules)
    first = (rule(8), *BASE)
    assert [8, 1, 2, 3, -1] == ids(merge(BASE, first, mine).rules)


def test_an_order_that_only_they_have_changed_is_theirs() -> None:
    assert [3, 1, 2] == ids(merge(BASE, (BASE[2], BASE[0], BASE[1]), BASE).rules)
    assert [2, 1, 3] == ids(merge(BASE, BASE, (BASE[1], BASE[0], BASE[2])).rules)


rules_made = st.lists(
    st.builds(rule, st.integers(1, 5), st.sampled_from(["a", "b"])),
    unique_by=lambda one: one.id,
    max_size=5,
).map(tuple)


@given(rules_made, rules_made, rules_made)
def test_merging_loses_no_change_of_anybody(
    base: tuple[ForwardingRule, ...],
    theirs: tuple[ForwardingRule, ...],
    mine: tuple[ForwardingRule, ...],
) -> None:
    merged = merge(base, theirs, mine)
    contested = {clash.id for clash in merged.clashes}
    found = {one.id: one for one in merged.rules}
    assert len(found) == len(merged.rules)
    was = {one.id: one for one in base}
    for side in (theirs, mine):
        for one in side:
            is_changed = was.get(one.id) != one
            assert not is_changed or one.id in contested or one.id in found


@given(rules_made, rules_made)
def test_who_changed_nothing_gets_what_the_other_has_made(
    base: tuple[ForwardingRule, ...], other: tuple[ForwardingRule, ...]
) -> None:
    assert other == merge(base, other, base).rules
    assert set(other) == set(merge(base, base, other).rules)

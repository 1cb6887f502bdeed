"""Advice and refusals say all that trying every call finds, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings

from ari_app.domain.advice import AdviceKind, advice
from ari_app.domain.calls import CallerKind
from ari_app.domain.checks import Problem, refusals
from ari_app.domain.conditions import applies
from ari_app.domain.directory import Directory, ForwardingRule
from ari_app.domain.steps import Fact
from tests.unit.small_offices import ANNA, CALLERS, HALF_HOURS, NOW, Walk, small_offices, walks

_FOLLOWED = {Fact.RULE_BY_STATUS, Fact.RULE_BY_SITUATION}


@settings(max_examples=30, deadline=None, derandomize=True)
@given(small_offices())
def test_a_rule_is_said_to_be_never_reached_where_no_call_comes_to_it(office: Directory) -> None:
    anna = office.employees[ANNA]
    said = {
        each.position
        for each in advice(office, ANNA, anna.rules, NOW)
        if each.kind is AdviceKind.NEVER_REACHED
    }
    holding = {
        place
        for place, rule in enumerate(anna.rules)
        if any(applies(_for_all(rule), anna, CALLERS[0], office, moment) for moment in HALF_HOURS)
    }
    followed = {
        reason.rule
        for walk in walks(office)
        for plan in walk.plans
        for reason in plan.because
        if reason.employee == ANNA and reason.fact in _FOLLOWED
    }
    assert said == {place for place in holding if anna.rules[place].id not in followed}


def _for_all(rule: ForwardingRule) -> ForwardingRule:
    return replace(rule, when=replace(rule.when, callers=frozenset(CallerKind), numbers=()))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(small_offices())
def test_a_rule_is_refused_for_a_circle_where_a_call_can_come_back(office: Directory) -> None:
    rules = office.employees[ANNA].rules
    said = {
        each.position
        for each in refusals(office, ANNA, rules, NOW)
        if each.problem is Problem.CIRCLE
    }
    assert said == {place for walk in walks(office) for place in _rules_that_came_back(walk)}


def _rules_that_came_back(walk: Walk) -> Iterator[int]:
    """The places of Anna's rules that were being followed when the call came back to her."""
    places = {rule.id: place for place, rule in enumerate(walk.office.employees[ANNA].rules)}
    following = -1
    for reason in (reason for plan in walk.plans for reason in plan.because):
        if reason.employee == ANNA and reason.rule is not None:
            following = places[reason.rule]
        elif reason.employee == ANNA and reason.fact is Fact.CIRCLE:
            yield following
